// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardPasswords
import Synchronization
import TestSupport

/// A derivation that costs nothing, remembers what it was asked for, and can be held until it is let go.
final class CountedDerivation: Sendable {
    struct Run: Equatable, Sendable {
        let password: [UInt8], scheme: PasswordScheme, length: Int
    }

    private struct State {
        var runs: [Run] = []
        var running = 0, mostRunning = 0
        var error: PasswordHashError?
    }

    private let state = Guarded(State())
    private let isHeld: Bool
    private let begun = DispatchSemaphore(value: 0)
    private let leave = DispatchSemaphore(value: 0)

    /// - Parameter isHeld: Whether each run waits for ``letGo(_:)``, 20 seconds at most.
    init(isHeld: Bool = false) {
        self.isHeld = isHeld
    }

    var runs: [Run] { state.withLock { $0.runs } }
    var mostAtOnce: Int { state.withLock { $0.mostRunning } }

    func failFromNowOn(with error: PasswordHashError) {
        state.withLock { $0.error = error }
    }

    /// Returns whether `count` further runs have begun within 20 seconds.
    func waitUntilBegun(_ count: Int) -> Bool {
        (0..<count).allSatisfy { _ in begun.wait(timeout: .now() + 20) == .success }
    }

    func letGo(_ count: Int) {
        for _ in 0..<count { leave.signal() }
    }

    var function: PasswordDerivation {
        { (password, scheme, length) throws(PasswordHashError) -> [UInt8] in
            let error = self.state.withLock { state -> PasswordHashError? in
                state.runs.append(Run(password: password.reveal(), scheme: scheme, length: length))
                state.running += 1
                state.mostRunning = max(state.mostRunning, state.running)
                return state.error
            }
            self.begun.signal()
            if self.isHeld { _ = self.leave.wait(timeout: .now() + 20) }
            self.state.withLock { $0.running -= 1 }
            if let error { throw error }
            return Self.digest(of: password.reveal(), scheme, length)
        }
    }

    /// FNV-1a over everything, repeated: enough to tell passwords and salts apart.
    static func digest(of password: [UInt8], _ scheme: PasswordScheme, _ length: Int) -> [UInt8] {
        guard case .argon2id(let parameters, let salt) = scheme else { return [] }
        let input =
            password + [0] + salt + [UInt8(truncatingIfNeeded: parameters.memoryKiB), UInt8(parameters.iterations)]
        return (0..<length).map { position in
            let hash = (input + [UInt8(position)]).reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            return UInt8(truncatingIfNeeded: hash >> 32)
        }
    }
}

/// Collects results, and waits for them.
final class Answers<Value: Sendable>: Sendable {
    private let values = Guarded<[Value]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ value: Value) {
        values.withLock { $0.append(value) }
        arrived.signal()
    }

    /// Returns whether `count` further answers have arrived within 20 seconds.
    func wait(for count: Int) -> Bool {
        (0..<count).allSatisfy { _ in arrived.wait(timeout: .now() + 20) == .success }
    }

    var all: [Value] { values.withLock { $0 } }
}

extension PasswordHash {
    /// What is computed for an account that does not exist, at the cost of ``Argon2Parameters/standard``.
    static let decoy = PasswordHashKind(.standard).unmatchable { [UInt8](repeating: 7, count: $0) }
}

extension PasswordLanes {
    typealias Verdicts = Answers<Result<PasswordVerdict, PasswordLanesError>>

    /// Asks about a password of an account that does not exist, which is answered `wrong`; goes on without waiting for that.
    ///
    /// A request that is not accepted is told at once, and not to `answers`.
    func ask(_ priority: LanePriority, _ password: String = "x", tell answers: Verdicts) -> Admission {
        admission {
            try await self.verify(PasswordCheck(Password(password), decoy: .decoy), for: priority)
        } tell: {
            answers.add($0)
        }
    }

    /// Whether a request was accepted.
    enum Admission: Equatable {
        case accepted, overloaded, closed
    }

    /// Makes a request and goes on without waiting for its result, which `tell` gets if the request was accepted.
    func admission<Value: Sendable>(
        _ request: @escaping @Sendable () async throws -> Value,
        tell: @escaping @Sendable (Result<Value, PasswordLanesError>) -> Void
    ) -> Admission {
        let progress = Guarded<Result<Value, PasswordLanesError>?>(nil)
        let isAsked = Guarded(false)
        begin(request) { (result: Result<Value, PasswordLanesError>) in
            let isLate = isAsked.withLock { $0 }
            switch result {
            case .failure(.overloaded), .failure(.closed):
                if isLate { tell(result) } else { progress.withLock { $0 = result } }
            default: tell(result)
            }
        }
        isAsked.withLock { $0 = true }
        return switch progress.withLock({ $0 }) {
        case .failure(.overloaded): .overloaded
        case .failure: .closed
        default: .accepted
        }
    }
}

/// Bytes that differ from call to call.
func countingBytes() -> @Sendable (Int) -> [UInt8] {
    let calls = Atomic<UInt8>(0)
    let box = CallCounter(calls)
    return { count in [UInt8](repeating: box.next(), count: count) }
}

private final class CallCounter: Sendable {
    private let calls: Atomic<UInt8>
    init(_ calls: consuming Atomic<UInt8>) { self.calls = calls }
    func next() -> UInt8 { calls.wrappingAdd(1, ordering: .relaxed).newValue }
}
