// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardBase
import LanyardPasswords
import Testing

@Suite struct `The password lanes` {
    static let live = Argon2Parameters.standard
    static let right = "zuGh4-quex/otob"

    static func lanes(_ derivation: CountedDerivation) throws -> PasswordLanes {
        try PasswordLanes(.init(laneCount: 1, parameters: live), random: countingBytes(), derive: derivation.function)
    }

    /// A hash of ``right`` as ``CountedDerivation`` computes it.
    static func stored(_ cost: String) throws -> PasswordHash {
        let draft = try PasswordHash(
            phc: Array("$argon2id$v=19$\(cost)$AAECAwQFBgcICQoLDA0ODw$\(digest([UInt8](repeating: 0, count: 32)))".utf8)
        )
        let made = CountedDerivation.digest(of: Array(right.utf8), draft.scheme, 32)
        return try PasswordHash(phc: Array("$argon2id$v=19$\(cost)$AAECAwQFBgcICQoLDA0ODw$\(digest(made))".utf8))
    }

    /// Base64 of 32 bytes, by way of six bits at a time.
    static func digest(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.flatMap { byte in (0..<8).map { Int(byte >> (7 - $0) & 1) } } + [0, 0]
        return String(
            stride(from: 0, to: bits.count, by: 6).map { start in
                alphabet[bits[start..<start + 6].reduce(0) { $0 * 2 + $1 }]
            })
    }

    static func answer(
        _ lanes: PasswordLanes, _ password: String, _ stored: PasswordHash?, decoy: PasswordHash = .decoy,
        upgrades: Bool = true
    ) throws -> Result<PasswordVerdict, PasswordLanesError> {
        let answers = PasswordLanes.Verdicts()
        let password = Password(password)
        let check =
            stored.map { PasswordCheck(password, against: $0, upgrades: upgrades) }
            ?? PasswordCheck(password, decoy: decoy)
        #expect(
            lanes.admission {
                try await lanes.verify(check, for: .stranger)
            } tell: {
                answers.add($0)
            } == .accepted)
        #expect(answers.wait(for: 1))
        return try #require(answers.all.first)
    }

    struct Login: CustomTestStringConvertible, Sendable {
        let name: String, password: String, hasAccount: Bool, isRight: Bool
        var testDescription: String { name }
    }

    static let logins = [
        Login(name: "right", password: right, hasAccount: true, isRight: true),
        Login(name: "wrong", password: "zuGh4-quex/otoc", hasAccount: true, isRight: false),
        Login(name: "empty", password: "", hasAccount: true, isRight: false),
        Login(name: "over-long", password: String(repeating: "a", count: 1_025), hasAccount: true, isRight: false),
        Login(name: "no account", password: right, hasAccount: false, isRight: false),
        Login(
            name: "no account, over-long", password: String(repeating: "a", count: 8_000), hasAccount: false,
            isRight: false),
    ]

    @Test(arguments: logins)
    func `spend one hash of one cost on every login, whatever is wrong with it`(login: Login) throws {
        let derivation = CountedDerivation()
        let lanes = try Self.lanes(derivation)
        let stored = login.hasAccount ? try Self.stored("m=19456,t=2,p=1") : nil
        #expect(
            try Self.answer(lanes, login.password, stored)
                == .success(login.isRight ? .right(replacement: nil) : .wrong))
        let runs = derivation.runs
        #expect(runs.count == 1)
        guard case .argon2id(let cost, let salt) = try #require(runs.first).scheme else { return }
        #expect(cost == Self.live)
        #expect(salt.count == 16)
        #expect(runs.first?.length == 32)
    }

    @Test func `never find the account that does not exist right`() throws {
        // Even a digest that matches the decoy's is wrong.
        let lanes = try PasswordLanes(.init(laneCount: 1), random: countingBytes()) {
            (_, _, length) throws(PasswordHashError) -> [UInt8] in
            [UInt8](repeating: 7, count: length)
        }
        #expect(try Self.answer(lanes, Self.right, nil) == .success(.wrong))
    }

    @Test func `hash an outdated right password anew, in one visit`() throws {
        let derivation = CountedDerivation()
        let lanes = try Self.lanes(derivation)
        let verdict = try Self.answer(lanes, Self.right, Self.stored("m=8192,t=3,p=1")).get()
        guard case .right(let replacement?) = verdict else {
            Issue.record("no replacement: \(verdict)")
            return
        }
        #expect(!replacement.needsRehash(under: Self.live))
        #expect(derivation.runs.count == 2)
        #expect(try Self.answer(lanes, Self.right, replacement) == .success(.right(replacement: nil)))
        #expect(derivation.runs.count == 3)
    }

    @Test func `leave an outdated hash alone when the password is wrong or nobody asked`() throws {
        let derivation = CountedDerivation()
        let lanes = try Self.lanes(derivation)
        let outdated = try Self.stored("m=8192,t=3,p=1")
        #expect(try Self.answer(lanes, "another password", outdated) == .success(.wrong))
        #expect(try Self.answer(lanes, Self.right, outdated, upgrades: false) == .success(.right(replacement: nil)))
        #expect(derivation.runs.count == 2)
    }

    @Test func `find a password right even if its replacement cannot be computed`() throws {
        let stored = try Self.stored("m=8192,t=3,p=1")
        let lanes = try PasswordLanes(.init(laneCount: 1), random: countingBytes()) {
            (password, scheme, length) throws(PasswordHashError) -> [UInt8] in
            guard scheme == stored.scheme else { throw .outOfMemory }
            return CountedDerivation.digest(of: password.reveal(), scheme, length)
        }
        #expect(try Self.answer(lanes, Self.right, stored) == .success(.right(replacement: nil)))
    }

    @Test func `pass on why a hash could not be computed`() throws {
        let derivation = CountedDerivation()
        derivation.failFromNowOn(with: .outOfMemory)
        let lanes = try Self.lanes(derivation)
        #expect(try Self.answer(lanes, Self.right, nil) == .failure(.hash(.outOfMemory)))
        let answers = Answers<Result<PasswordHash, PasswordLanesError>>()
        #expect(
            lanes.admission {
                try await lanes.hash(NewPassword(exemptFromPolicy: Self.right), for: .known)
            } tell: {
                answers.add($0)
            } == .accepted)
        #expect(answers.wait(for: 1))
        #expect(answers.all == [.failure(.hash(.outOfMemory))])
    }

    @Test func `hash new passwords with salts of their own`() throws {
        let lanes = try Self.lanes(CountedDerivation())
        let answers = Answers<Result<PasswordHash, PasswordLanesError>>()
        for _ in 0..<3 {
            #expect(
                lanes.admission {
                    try await lanes.hash(NewPassword(exemptFromPolicy: Self.right), for: .known)
                } tell: {
                    answers.add($0)
                } == .accepted)
        }
        #expect(answers.wait(for: 3))
        let hashes = try answers.all.map { try $0.get() }
        #expect(Set(hashes.map(\.phcString)).count == 3)
        for hash in hashes {
            #expect(!hash.needsRehash(under: Self.live))
            #expect(try Self.answer(lanes, Self.right, hash) == .success(.right(replacement: nil)))
        }
    }

    @Test func `tell the time of every hash`() throws {
        let times = Answers<Duration>()
        let lanes = try PasswordLanes(
            .init(laneCount: 1), random: countingBytes(), derive: CountedDerivation().function,
            observe: { times.add($0) })
        _ = try Self.answer(lanes, Self.right, Self.stored("m=8192,t=3,p=1"))
        #expect(times.all.count == 2)
        #expect(times.all.allSatisfy { $0 >= .zero })
    }

    @Test func `have their memory before the first hash, and keep it from one to the next`() throws {
        // 64 MiB, which glibc would map and unmap each time; counted by the pages that the kernel had to provide.
        let parameters = try Argon2Parameters(memoryKiB: 65_536, iterations: 1, parallelism: 1)
        let faults = Answers<Int>()
        let lanes = try PasswordLanes(.init(laneCount: 1, parameters: parameters), random: countingBytes()) {
            (password, scheme, length) throws(PasswordHashError) -> [UInt8] in
            let before = pageFaultsOfThisThread()
            let digest = try scheme.derive(password, length: length)
            faults.add(pageFaultsOfThisThread() - before)
            return digest
        }
        let decoy = PasswordHashKind(parameters).unmatchable { [UInt8](repeating: 7, count: $0) }
        for _ in 0..<3 { #expect(try Self.answer(lanes, Self.right, nil, decoy: decoy) == .success(.wrong)) }
        let counts = faults.all
        #expect(counts.count == 3)
        #expect(counts.allSatisfy { $0 * 4 < 65_536 * 1_024 / Int(getpagesize()) }, "\(counts)")
    }

    @Test func `compute the same in memory that is used again, whatever was computed in it before`() throws {
        let parameters = try Argon2Parameters(memoryKiB: 256, iterations: 2, parallelism: 1)
        let lanes = try PasswordLanes(.init(laneCount: 1, parameters: parameters), random: countingBytes())
        // As large as the lane's memory, larger, and smaller, in turn and with the right and a wrong password.
        let vectors = [0, 1, 1, 3, 0, 4, 0].map { `A stored hash`.vectors[[1, 0, 3, 4, 2][$0]] }
        for vector in vectors {
            let stored = try PasswordHash(phc: Array(vector.phc.utf8))
            #expect(
                try Self.answer(lanes, vector.password, stored, upgrades: false) == .success(.right(replacement: nil)))
            #expect(try Self.answer(lanes, vector.password + "x", stored) == .success(.wrong))
        }
        let replacement = try Self.answer(
            lanes, "password", PasswordHash(phc: Array(`A stored hash`.vectors[0].phc.utf8))
        ).get()
        guard case .right(let hash?) = replacement else {
            Issue.record("no replacement")
            return
        }
        #expect(try hash.verify(Password("password")))
        #expect(hash.phcString.hasPrefix("$argon2id$v=19$m=256,t=2,p=1$"))
    }
}

private func pageFaultsOfThisThread() -> Int {
    var usage = rusage()
    // RUSAGE_THREAD, which the Glibc module leaves out.
    unsafe getrusage(__rusage_who_t(1), &usage)
    return usage.ru_minflt
}
