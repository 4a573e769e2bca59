// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// Ends all sessions, and drops the keys that only earlier refresh tokens were made with.
///
/// No session that is opened after this may have a token of a key that is dropped, but servers make tokens with the
/// newest key only some seconds after they have read it, and until then with the one before.
///
/// - If there is one key, or the newest has been there so long that even a server started just now makes tokens with
///   it, nothing is to be heeded: sessions end, older keys go, and nobody who logs in meanwhile has a token of those.
/// - If the newest has just been made, some of those have a token of the key before. When that has gone, each
///   server makes and checks with the newest alone as soon as it has read so, and it answers only while its last read
///   is younger than ``KeyPolicy/staleness``. So after the lead, which is longer, no token of an older key is made any
///   more, by nobody's clock but this one's pace; and what was opened until then ends too.
package struct RevokeAll: Sendable {
    private let sessions: any SessionStore
    private let lifetimes: SessionLifetimes
    private let masterKey: MasterKey
    private let keys: any KeyStore
    private let policy: KeyPolicy
    private let now: @Sendable () -> UnixTime
    private let pause: @Sendable (Duration) async -> Void

    /// Creates what ends all sessions of a store.
    ///
    /// - Parameters:
    ///   - store: The store, which servers use meanwhile.
    ///   - masterKey: What seals keys.
    ///   - policy: How keys live.
    ///   - lifetimes: How long sessions last.
    ///   - now: The time.
    ///   - pause: Waits.
    package init(
        store: any SessionStore & KeyStore, masterKey: MasterKey, policy: KeyPolicy, lifetimes: SessionLifetimes,
        now: @escaping @Sendable () -> UnixTime, pause: @escaping @Sendable (Duration) async -> Void
    ) {
        sessions = store
        keys = store
        self.masterKey = masterKey
        self.policy = policy
        self.lifetimes = lifetimes
        self.now = now
        self.pause = pause
    }

    /// Why not all sessions were ended, or older keys not dropped.
    package enum Failure: Error {
        case store(StoreError)
        case keys(KeyOrderError)
    }

    /// Ends all sessions.
    ///
    /// - Parameter willWait: Called with how many sessions have ended and for how long this then waits, if it waits.
    /// - Returns: How many have ended.
    /// - Throws: A ``Failure``.
    package func callAsFunction(
        willWait: (_ count: Int, _ pause: Duration) throws(Failure) -> Void
    ) async throws(Failure) -> Int {
        let begun = now()
        var count = try await endAll()
        guard try await !dropRefreshKeys(at: begun) else { return count }
        try willWait(count, KeyPolicy.emergencyLead)
        await pause(KeyPolicy.emergencyLead)
        count += try await endAll()
        return count
    }

    /// Ends all sessions, some at a time: a server that writes to the store meanwhile waits for one step, and not for all.
    ///
    /// Every session that was open at the beginning ends. One that is opened meanwhile may: to spare it for the time at which
    /// it was opened would be to spare older ones too, of a machine whose clock is ahead.
    private func endAll() async throws(Failure) -> Int {
        var count = 0
        var last: SessionID? = ""
        while let after = last {
            let ending = SessionEnding(
                .any(after: after, limit: Self.endedAtOnce), cause: .revoked, lifetimes: lifetimes)
            let outcome = try await rethrowing(as: Failure.store, await sessions.endSessions(ending, at: now()))
            count += outcome.ended.count
            last = outcome.last
            // Who waits for SQLite's lock asks for it now and then, and would find it taken again each time.
            if last != nil { await pause(Self.breath) }
        }
        return count
    }

    /// Drops the keys before the newest; returns whether no server made tokens with them any more at `instant`.
    private func dropRefreshKeys(at instant: UnixTime) async throws(Failure) -> Bool {
        let orders = KeyOrders(store: keys, masterKey: masterKey, policy: policy, now: { instant })
        let outcome = try await rethrowing(as: Failure.keys, await orders.carryOut(.dropRefreshKeys))
        return outcome != .refreshDropped(wasSettled: false)
    }

    /// How many rows one step looks at: a few milliseconds.
    private static let endedAtOnce = 1_000

    /// How long the store is left to others between two steps.
    private static let breath = Duration.milliseconds(10)
}
