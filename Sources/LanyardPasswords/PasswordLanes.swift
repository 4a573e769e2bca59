// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A fixed set of threads that hash passwords, with a bounded queue in front.
///
/// A hash takes a core for milliseconds and tens of megabytes; here neither can be had more often than there are lanes.
/// Callers are never blocked: what does not fit is refused at once. A check costs one hash, however long the password is;
/// of an account that does not exist, the caller names the hash to compute in vain.
package final class PasswordLanes: Sendable {
    /// What the lanes are set to.
    package struct Settings: Sendable {
        /// What `passwords.lanes` can be.
        package static let laneCounts = 1...256
        /// What `passwords.queue` can be.
        package static let queueCapacities = 0...10_000

        /// How many hashes are computed at the same time, each with a thread and memory of its own.
        package var laneCount: Int
        /// How many callers may wait for a lane.
        package var queueCapacity: Int
        /// What a new hash costs.
        package var parameters: Argon2Parameters

        /// Creates settings.
        package init(laneCount: Int, queueCapacity: Int = 64, parameters: Argon2Parameters = .standard) {
            self.laneCount = laneCount
            self.queueCapacity = queueCapacity
            self.parameters = parameters
        }
    }

    private let crew: LaneCrew
    /// What a new hash costs.
    package let parameters: Argon2Parameters
    private let random: @Sendable (Int) -> [UInt8]
    private let derive: PasswordDerivation

    /// Starts the lanes.
    ///
    /// - Parameters:
    ///   - settings: Within ``Settings/laneCounts`` and ``Settings/queueCapacities``.
    ///   - random: Unpredictable bytes, for salts; called on the lanes.
    ///   - derive: The derivation, unless a test counts.
    ///   - observe: Called on a lane after each hash with the time it took, for metrics.
    /// - Throws: ``PasswordMemoryError`` if the memory of all lanes cannot be reserved now.
    package init(
        _ settings: Settings, random: @escaping @Sendable (Int) -> [UInt8],
        derive: @escaping PasswordDerivation = PasswordScheme.derivation,
        observe: @escaping @Sendable (Duration) -> Void = { _ in }
    ) throws(PasswordMemoryError) {
        precondition(Settings.laneCounts.contains(settings.laneCount))
        precondition(Settings.queueCapacities.contains(settings.queueCapacity))
        parameters = settings.parameters
        self.random = random
        self.derive = { (password, scheme, length) throws(PasswordHashError) -> [UInt8] in
            let start = ContinuousClock.now
            defer { observe(start.duration(to: .now)) }
            return try derive(password, scheme, length)
        }
        crew = try LaneCrew(
            laneCount: settings.laneCount, capacity: settings.queueCapacity,
            memoryBytes: settings.parameters.memoryBytes)
    }

    deinit { crew.dismiss() }

    /// Checks a password.
    ///
    /// One hash, or two when the password is right, its hash outdated, and the check upgrades. A replacement that
    /// cannot be computed is left out: the password is right all the same.
    ///
    /// - Parameters:
    ///   - check: The password and the hash it should match.
    ///   - priority: Who asks.
    /// - Returns: The verdict.
    /// - Throws: ``PasswordLanesError/overloaded`` without a wait if the queue is full.
    package func verify(
        _ check: PasswordCheck, for priority: LanePriority
    ) async throws(PasswordLanesError) -> PasswordVerdict {
        try await run(for: priority) { [parameters, random, derive] () throws(PasswordHashError) -> PasswordVerdict in
            let isRight = try check.stored.verify(check.password, derive: derive)
            guard isRight, !check.isDecoy else { return .wrong }
            guard check.upgrades, check.stored.needsRehash(under: parameters) else {
                return .right(replacement: nil)
            }
            let replacement = check.password.normalizedBytes().flatMap { bytes in
                try? PasswordHash(
                    Secret(bytes), parameters: parameters, salt: random(PasswordScheme.saltLength), derive: derive)
            }
            return .right(replacement: replacement)
        }
    }

    /// Hashes a password that is to be set.
    ///
    /// - Parameters:
    ///   - password: What the policy accepted.
    ///   - priority: Who asks.
    /// - Returns: The hash.
    /// - Throws: ``PasswordLanesError/overloaded`` without a wait if the queue is full.
    package func hash(
        _ password: NewPassword, for priority: LanePriority
    ) async throws(PasswordLanesError) -> PasswordHash {
        try await run(for: priority) { [parameters, random, derive] () throws(PasswordHashError) -> PasswordHash in
            try PasswordHash(
                password.bytes, parameters: parameters, salt: random(PasswordScheme.saltLength), derive: derive
            )
        }
    }

    /// Hashes a password that is to be set, if `accept` finds that it may be.
    ///
    /// A policy takes up to milliseconds, for the longest passwords and when its list is first used; so it is asked on the
    /// lane as well.
    ///
    /// - Parameters:
    ///   - priority: Who asks.
    ///   - accept: Returns the password, or throws what is wrong with it.
    /// - Returns: The hash, or what `accept` threw.
    /// - Throws: ``PasswordLanesError/overloaded`` without a wait if the queue is full.
    package func hash(
        for priority: LanePriority, accepting accept: @escaping @Sendable () throws(PasswordPolicyError) -> NewPassword
    ) async throws(PasswordLanesError) -> Result<PasswordHash, PasswordPolicyError> {
        try await run(for: priority) {
            [parameters, random, derive] () throws(PasswordHashError) -> Result<PasswordHash, PasswordPolicyError> in
            let password: NewPassword
            do throws(PasswordPolicyError) {
                password = try accept()
            } catch {
                return .failure(error)
            }
            return .success(
                try PasswordHash(
                    password.bytes, parameters: parameters, salt: random(PasswordScheme.saltLength), derive: derive))
        }
    }

    /// Waits for work on a lane; the one place where the lanes meet the language's concurrency.
    ///
    /// The caller is resumed on a lane, or on the thread that closes the lanes, unless its task has an executor of its own.
    private func run<Value: Sendable>(
        for priority: LanePriority, _ work: @escaping @Sendable () throws(PasswordHashError) -> Value
    ) async throws(PasswordLanesError) -> Value {
        let result = await withCheckedContinuation { continuation in
            switch crew.admit(LaneJob(work, completion: { continuation.resume(returning: $0) }), priority) {
            case .accepted: break
            case .overloaded: continuation.resume(returning: .failure(.overloaded))
            case .closed: continuation.resume(returning: .failure(.closed))
            }
        }
        return try result.get()
    }

    /// How busy the lanes are.
    package var load: LaneLoad { crew.load }

    /// Refuses what waits with ``PasswordLanesError/closed``, admits nothing more, and waits for what runs.
    ///
    /// Blocks; call it when the server has drained, never on a loop or a lane.
    ///
    /// - Returns: Whether every lane has ended within `deadline`; one that has not ends after its hash.
    package func close(within deadline: Duration) -> Bool {
        crew.dismiss()
        return crew.waitUntilGone(within: deadline)
    }
}
