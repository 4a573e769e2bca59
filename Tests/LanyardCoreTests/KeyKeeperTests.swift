// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import Dispatch
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardHTTP
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `A keeper of keys` {
    // MARK: how old what it has read may be

    @Test func `lets nothing be signed when the store was not read for 3 s`() async throws {
        let process = try await KeyedProcess()
        process.advance(.seconds(3))
        #expect(process.signs)
        process.advance(.milliseconds(1))
        #expect(!process.signs)
        await process.look()
        #expect(process.signs)
    }

    @Test func `does not take a store that fails for one that was read, and recovers`() async throws {
        for broken in [FlakyStore.Call.keyVersion, .foundation] {
            let process = try await KeyedProcess()
            // With a change to follow, or the foundation is not read.
            try await process.order(.rotate)
            process.store.break(broken)
            for _ in 0..<4 {
                process.advance(.seconds(1))
                await process.look()
            }
            #expect(!process.signs)
            #expect(process.live.current.keyring.published.keyIDs.count == 1)
            process.store.break(nil)
            await process.look()
            #expect(process.signs)
            #expect(process.live.current.keyring.published.keyIDs.count == 2)
        }
    }

    @Test func `says once that the keys cannot be read, and once more the next time`() async throws {
        let process = try await KeyedProcess()
        for _ in 0..<2 {
            process.store.break(.keyVersion)
            for _ in 0..<3 { await process.look() }
            let lines = process.log.take()
            #expect(lines.map { $0["event"] } == ["store_away", "keys_not_read"])
            #expect(lines.allSatisfy { $0["level"] == "error" })
            process.store.break(nil)
            await process.look()
            #expect(process.log.take().map { $0["event"] } == ["store_back"])
        }
    }

    @Test func `counts from when it began to read`() async throws {
        let process = try await KeyedProcess()
        process.store.during(.keyVersion) { [clock = process.clock] in clock.advance(by: .seconds(4)) }
        await process.look()
        #expect(!process.signs, "what was read may be 4 s old")
        process.store.during(.keyVersion) { [clock = process.clock] in clock.advance(by: .seconds(3)) }
        await process.look()
        #expect(process.signs)

        try await process.order(.rotate)
        process.store.during(.foundation) { [clock = process.clock] in clock.advance(by: .seconds(4)) }
        await process.look()
        #expect(process.live.current.keyring.published.keyIDs.count == 2)
        #expect(!process.signs, "what was read may be 4 s old")
    }

    @Test func `does not sign for a store that is empty again`() async throws {
        let process = try await KeyedProcess()
        try await process.order(.rotate)
        process.store.break(.emptiness)
        process.advance(.seconds(4))
        await process.look()
        #expect(!process.signs)
        #expect(process.log.take().map { $0["event"] } == ["keys_not_read"])
    }

    // MARK: keys that it cannot open

    @Test func `goes on with the keys that it has while it cannot open another, and does not sign with them for long`()
        async throws
    {
        let process = try await KeyedProcess()
        let before = process.live.current.keyring.active.kid
        // A process with another master key rotates.
        let other = MasterKey(Secret(SecureRandom.bytes(32)))
        let now = process.clock.now.wall
        var key = try KeyMaker(masterKey: other, policy: KeyedProcess.policy).founding(isDevelopment: false, at: now)
            .keys[0]
        var old = try #require(try await process.foundation.activeKey)
        let kept = old
        old.state = .retired
        old.sealedPrivateKey = nil
        old.retiredAt = now
        old.goneAt = now + .seconds(700)
        try await process.change(KeyChange(keys: [old, key]))

        await process.look()
        #expect(process.live.current.keyring.active.kid == before)
        #expect(process.live.current.keyring.published.keyIDs == [before.text])
        process.advance(.milliseconds(3_001))
        await process.look()
        #expect(!process.signs)
        #expect(process.log.take().map { $0["event"] } == ["keys_not_read"])

        key.state = .retired
        key.sealedPrivateKey = nil
        try await process.change(KeyChange(keys: [kept, key]))
        await process.look()
        #expect(process.signs)
        #expect(process.live.current.keyring.published.keyIDs == [before.text, key.kid.text])
    }

    @Test func `goes on when another process has sealed everything with a new master key`() async throws {
        let process = try await KeyedProcess()
        let bytes = SecureRandom.bytes(32)
        let change = try Keyring.resealing(
            try await process.foundation, with: MasterKey(Secret(bytes), before: process.masterKeyBytes))
        try await process.change(try #require(change))
        process.advance(.seconds(4))
        await process.look()
        #expect(process.signs)
        let token = RefreshToken(sessionID: "AAAAAAAAAAAAAAAAAAAAAA", generation: 1)
        let text = Array(process.live.current.refreshTokens.encode(token).utf8)
        let keyring = try Keyring(opening: try await process.foundation, with: MasterKey(Secret(bytes)))
        #expect(keyring.refreshTokens().decode(text) == token)
    }

    // MARK: steps

    @Test func `lets a key sign 5 s after it was read in an emergency, and destroys the private half before`()
        async throws
    {
        let process = try await KeyedProcess()
        let before = try #require(try await process.foundation.activeKey)
        try await process.order(.rotateNow(in: .seconds(5)))
        process.advance(.milliseconds(900))
        await process.look()
        let next = try #require(try await process.foundation.nextKey)
        #expect(process.live.current.keyring.published.keyIDs == [before.kid.text, next.kid.text])
        for pause in [Duration.seconds(4), .milliseconds(999)] {
            process.advance(pause)
            await process.look()
            #expect(process.live.current.keyring.active.kid == before.kid)
        }
        process.advance(.milliseconds(1))
        await process.look()
        #expect(process.live.current.keyring.active.kid == next.kid)
        #expect(process.live.current.keyring.published.keyIDs == [before.kid.text, next.kid.text])
        let retired = try #require(try await process.foundation.key(before.kid))
        #expect(retired.state == .retired)
        #expect(retired.sealedPrivateKey == nil)
        #expect(process.log.take().compactMap { $0["event"] } == ["key_published", "key_rotated"])
    }

    @Test func `keeps a retired key for the longest access lifetime that any replica has used`() async throws {
        let process = try await KeyedProcess()
        let lifetime = Duration.seconds(86_400)
        let before = try #require(try await process.foundation.activeKey)
        try await process.store.raiseLongestAccessLifetime(to: lifetime)
        try await process.order(.rotateNow(in: .seconds(5)))
        await process.look()
        process.advance(.seconds(5))
        await process.look()
        let retired = try #require(try await process.foundation.key(before.kid))
        let stay = try #require(retired.goneAt).since(try #require(retired.retiredAt))
        #expect(stay >= lifetime + .seconds(390))
    }

    @Test(arguments: [false, true])
    func `accepts what a key has signed that has left the set, unless it was revoked`(isRevoked: Bool) async throws {
        let process = try await KeyedProcess()
        let old = process.live.current.keyring.active.kid
        try await process.order(isRevoked ? .revoke(kid: old) : .rotateNow(in: .seconds(5)))
        await process.look()
        #expect(process.live.current.keyring.accepted.keyIDs.contains(old.text))
        process.advance(.seconds(5))
        await process.look()
        #expect(process.live.current.keyring.accepted.keyIDs.contains(old.text) != isRevoked)
        #expect(process.live.current.keyring.published.keyIDs.contains(old.text) != isRevoked)
        process.advance(.seconds(300 + 423))
        await process.look()
        #expect(process.live.current.keyring.accepted.keyIDs.contains(old.text) != isRevoked)
        #expect(!process.live.current.keyring.published.keyIDs.contains(old.text))
        process.advance(KeyedProcess.policy.sessionLifetime + .seconds(33))
        await process.look()
        // By now another is to be made, which comes first.
        await process.runJobs()
        await process.look()
        #expect(!process.live.current.keyring.accepted.keyIDs.contains(old.text))
        #expect(try await process.foundation.key(old) == nil)
    }

    @Test func `decides again when another process was quicker`() async throws {
        let process = try await KeyedProcess()
        try await process.order(.rotateNow(in: .seconds(5)))
        await process.look()
        process.advance(.seconds(5))
        // Somebody rotates the refresh keys just before the step.
        process.store.loseNextRace()
        await process.look()
        await process.look()
        let foundation = try await process.foundation
        #expect(foundation.keys.map(\.state) == [.retired, .active])
        #expect(process.live.current.keyring.active.kid == foundation.activeKey?.kid)
    }

    @Test func `tries a step again that the store has not made`() async throws {
        let process = try await KeyedProcess()
        try await process.order(.rotateNow(in: .seconds(5)))
        await process.look()
        process.advance(.seconds(5))
        process.store.break(.changeKeys)
        _ = process.log.take()
        for _ in 0..<3 { await process.look() }
        #expect(process.log.take().compactMap { $0["event"] } == ["keys_not_kept"], "said once")
        #expect(process.signs, "with the key that signs still, for it is read as ever")
        #expect(try await process.foundation.nextKey != nil)
        process.store.break(nil)
        await process.look()
        #expect(try await process.foundation.nextKey == nil)
        #expect(process.live.current.keyring.published.keyIDs.last == process.live.current.keyring.active.kid.text)
    }

    @Test func `does not let a key sign that it could not sign with, and says so long before`() async throws {
        let process = try await KeyedProcess()
        let stranger = KeyMaker(masterKey: MasterKey(Secret(SecureRandom.bytes(32))), policy: KeyedProcess.policy)
        let next = try stranger.record(
            of: stranger.newKey(), at: process.clock.now.wall, lead: KeyedProcess.policy.publishLead)
        let version = try await process.foundation.keyVersion
        #expect(try await process.store.changeKeys(KeyChange(keys: [next]), at: version))
        _ = process.log.take()
        await process.look()
        #expect(process.log.take().compactMap { $0["event"] } == ["key_published", "keys_not_kept"])
        for _ in 0..<3 {
            process.advance(KeyedProcess.policy.publishLead)
            await process.look()
        }
        #expect(try await process.foundation.nextKey?.kid == next.kid)
        #expect(process.signs)
    }

    @Test func `makes one key at a time, and none that is needed no more`() async throws {
        let process = try await KeyedProcess()
        process.advance(KeyedProcess.policy.rotationInterval)
        for _ in 0..<3 { await process.look() }
        #expect(process.jobs.count == 1)
        // Meanwhile an operator imports or rotates.
        try await process.order(.rotate)
        await process.runJobs()
        await process.look()
        #expect(try await process.foundation.keys.map(\.state) == [.active, .next])

        let other = try await KeyedProcess()
        other.advance(KeyedProcess.policy.rotationInterval)
        await other.look()
        await other.runJobs()
        await other.look()
        #expect(try await other.foundation.keys.map(\.state) == [.active, .next])
        #expect(other.live.current.keyring.published.keyIDs.count == 2)
    }

    @Test func `makes a key later when the store could not take it`() async throws {
        let process = try await KeyedProcess()
        process.advance(KeyedProcess.policy.rotationInterval)
        process.store.break(.changeKeys)
        await process.look()
        await process.runJobs()
        process.store.break(nil)
        await process.look()
        #expect(process.jobs.count == 1)
        await process.runJobs()
        await process.look()
        #expect(try await process.foundation.nextKey != nil)
    }

    // MARK: refresh keys

    @Test func `makes refresh tokens with a new key only when every replica checks with it`() async throws {
        let process = try await KeyedProcess()
        let token = RefreshToken(sessionID: "AAAAAAAAAAAAAAAAAAAAAA", generation: 1)
        let before = process.live.current.refreshTokens.encode(token)
        try await process.order(.rotateRefresh)
        await process.look()
        for pause in [Duration.zero, .milliseconds(4_999)] {
            process.advance(pause)
            await process.look()
            #expect(process.live.current.refreshTokens.encode(token) == before)
        }
        process.advance(.milliseconds(1))
        await process.look()
        let after = process.live.current.refreshTokens.encode(token)
        #expect(after != before)
        for text in [before, after] {
            #expect(process.live.current.refreshTokens.decode(Array(text.utf8)) == token)
        }

        try await process.order(.rotateRefresh)
        await process.look()
        #expect(process.live.current.refreshTokens.encode(token) == after)
        #expect(process.live.current.refreshTokens.decode(Array(before.utf8)) == nil, "the two newest check")
        #expect(process.live.current.refreshTokens.decode(Array(after.utf8)) == token)
    }

    @Test func `checks with a new refresh key as soon as it has read it`() async throws {
        let early = try await KeyedProcess()
        try await early.order(.rotateRefresh)
        await early.look()
        // A replica that reads the change 3 s later, as late as one may that signs.
        let late = try await KeyedProcess(beside: early)
        early.advance(.seconds(5))
        await early.look()
        let token = RefreshToken(sessionID: "AAAAAAAAAAAAAAAAAAAAAA", generation: 1)
        let text = Array(early.live.current.refreshTokens.encode(token).utf8)
        #expect(late.live.current.refreshTokens.decode(text) == token)
    }
}
