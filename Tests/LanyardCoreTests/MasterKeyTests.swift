// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardPasswords
import LanyardStore
import LanyardVerifier
import Testing

@Suite struct `The master key` {
    static let now = UnixTime(seconds: 1_800_000_000)
    static let policy = KeyPolicy(
        algorithm: .es256, rsaBits: 2_048, rotationInterval: .zero, publishLead: .seconds(3_600),
        accessLifetime: .seconds(900), statusTokenLifetime: .zero, sessionLifetime: .seconds(30 * 86_400))

    static func foundation(_ founding: Founding) -> Foundation {
        Foundation(
            isDevelopment: founding.isDevelopment, longestAccessLifetime: .zero, keyVersion: 0, keys: founding.keys,
            secrets: founding.secrets, isNew: true)
    }

    @Test func `opens what it sealed, for the same row only`() throws {
        let key = MasterKey(Secret(SecureRandom.bytes(32)))
        let seal = try key.seal(Secret([1, 2, 3]), row: "a")
        #expect(try key.open(seal, row: "a").reveal() == [1, 2, 3])
        #expect(throws: KeyringError.damagedSeal(row: "b")) { try key.open(seal, row: "b") }
        #expect(throws: KeyringError.damagedSeal(row: "a")) { try key.open(seal.dropLast(), row: "a") }
        #expect(throws: KeyringError.damagedSeal(row: "a")) { try key.open([], row: "a") }
    }

    @Test func `tells another key's seal from a damaged one`() throws {
        let seal = try MasterKey(Secret(SecureRandom.bytes(32))).seal(Secret([1, 2, 3]), row: "a")
        let other = MasterKey(Secret(SecureRandom.bytes(32)))
        #expect(throws: KeyringError.wrongMasterKey) { try other.open(seal, row: "a") }
    }

    @Test func `founds a store whose keys work together`() throws {
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let founding = try KeyMaker(masterKey: masterKey, policy: Self.policy).founding(
            isDevelopment: true, at: Self.now)
        let keyring = try Keyring(opening: Self.foundation(founding), with: masterKey)
        #expect(keyring.published.keyIDs == [keyring.active.kid.text])
        let signature = try keyring.active.key.sign([1])
        #expect(try keyring.published.keys[0].publicKey.isValidSignature(signature, for: [1]))
        // A hash of "password", from the vectors of the Argon2 reference implementation.
        let hash = try PasswordHash(
            phc: Array("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4".utf8))
        let sealed = try keyring.passwords.seal(hash, account: "a")
        #expect(try keyring.passwords.open(sealed, account: "a") == hash)
        #expect(throws: KeyringError.damagedSeal(row: "b")) { try keyring.passwords.open(sealed, account: "b") }
    }

    @Test func `is the only one that opens the store`() throws {
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let founding = try KeyMaker(masterKey: masterKey, policy: Self.policy).founding(
            isDevelopment: false, at: Self.now)
        let other = MasterKey(Secret(SecureRandom.bytes(32)))
        #expect(throws: KeyringError.wrongMasterKey) { try Keyring(opening: Self.foundation(founding), with: other) }
    }

    @Test func `leaves nothing in the clear in what is stored`() throws {
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let founding = try KeyMaker(masterKey: masterKey, policy: Self.policy).founding(
            isDevelopment: false, at: Self.now)
        let keyring = try Keyring(opening: Self.foundation(founding), with: masterKey)
        // RFC 5915 §3: in the PKCS#8 form of a P-256 key the private number is the 32 bytes from the 36th on.
        let scalar = Array(try keyring.active.key.pkcs8.reveal()[36..<68])
        let stored = founding.keys.flatMap { $0.publicKey + ($0.sealedPrivateKey ?? []) }
        #expect(stored.firstRange(of: scalar) == nil)
        #expect(founding.secrets.count == 2)
        for record in founding.secrets {
            let secret = try masterKey.open(record.sealed, row: record.id.text).reveal()
            #expect(secret.count == 32)
            #expect(record.sealed.firstRange(of: secret) == nil)
        }
    }

    @Test func `opens both of the two newest refresh keys`() throws {
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let maker = KeyMaker(masterKey: masterKey, policy: Self.policy)
        var foundation = Self.foundation(try maker.founding(isDevelopment: false, at: Self.now))
        let before = try Keyring(opening: foundation, with: masterKey)
        let token = RefreshToken(sessionID: "AAAAAAAAAAAAAAAAAAAAAA", generation: 1)
        let text = Array(before.refreshTokens().encode(token).utf8)
        let later = try maker.founding(isDevelopment: false, at: Self.now).secrets.filter { $0.purpose == .refresh }
        foundation.secrets += later
        #expect(try Keyring(opening: foundation, with: masterKey).refreshTokens().decode(text) == token)
        foundation.secrets += try maker.founding(isDevelopment: false, at: Self.now).secrets
            .filter { $0.purpose == .refresh }
        #expect(try Keyring(opening: foundation, with: masterKey).refreshTokens().decode(text) == nil)
    }

    @Test func `finds a store incomplete that lacks a secret or an active key`() throws {
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let founding = try KeyMaker(masterKey: masterKey, policy: Self.policy).founding(
            isDevelopment: false, at: Self.now)
        for purpose in [SecretRecord.Purpose.refresh, .password] {
            var foundation = Self.foundation(founding)
            foundation.secrets.removeAll { $0.purpose == purpose }
            #expect(throws: KeyringError.incomplete) { try Keyring(opening: foundation, with: masterKey) }
        }
        var foundation = Self.foundation(founding)
        foundation.keys[0].state = .retired
        #expect(throws: KeyringError.incomplete) { try Keyring(opening: foundation, with: masterKey) }
    }
}
