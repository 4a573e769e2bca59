// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Keeps the status lists that a process serves those of the store.
///
/// It looks each second, and builds and signs anew what has changed, on a queue of its own.
package final class StatusKeeper: Sendable {
    private let lists: LiveStatusLists
    private let keys: LiveKeys
    private let store: any StatusStore
    private let builder: StatusListBuilder
    private let events: EventLog
    private let pageSize: Int
    private let pause: Duration
    private let now: @Sendable () -> UnixTime
    private let repetition: Repetition
    private let looks = SharedRun()
    private let state = Guarded(State())

    private struct State {
        var basis: Basis?
        /// What was last said to be wrong, so that it is said once.
        var complaint: String?
    }

    /// When a look began, by two clocks.
    private struct Beginning {
        let wall: UnixTime
        let running: ContinuousClock.Instant
    }

    /// What the lists were made of, all together.
    private struct Basis {
        var version: Int64
        var kid: KeyID
        /// When the next bit is shown no more.
        var nextVanishing: UnixTime?
        /// The newest `iat`.
        var issuedAt: UnixTime
        /// When the first of them is signed anew.
        var renewal: UnixTime

        func isCurrent(_ version: Int64, kid: KeyID, at now: UnixTime) -> Bool {
            version == self.version && kid == self.kid && issuedAt <= now && now < renewal
                && nextVanishing.map { now < $0 } ?? true
        }
    }

    /// Creates a keeper that has built nothing yet.
    ///
    /// - Parameters:
    ///   - lists: Where the process finds its lists.
    ///   - policy: What the settings say of them.
    ///   - issuer: The URL of the service.
    ///   - keys: The keys of the process.
    ///   - store: The store.
    ///   - events: Where trouble is told.
    ///   - pageSize: How many bits one step of the store reads: a few milliseconds.
    ///   - pause: How long nothing is built: lists change so often at most.
    ///   - pauses: What `pause` is measured by.
    ///   - now: The clock of `iat` and `exp`.
    package init(
        _ lists: LiveStatusLists, _ policy: StatusPolicy, issuer: IssuerURL, keys: LiveKeys, store: any StatusStore,
        events: EventLog, pageSize: Int = 4_096, pause: Duration = .seconds(1),
        pauses: any Clock<Duration> = .continuous,
        now: @escaping @Sendable () -> UnixTime
    ) {
        self.lists = lists
        self.pageSize = pageSize
        self.pause = pause
        self.keys = keys
        self.store = store
        self.events = events
        self.now = now
        builder = StatusListBuilder(issuer, policy)
        let executor = QueueExecutor(label: "lanyard.status", urgency: .high)
        repetition = Repetition(on: executor, clock: pauses)
        lists.freshness.whenNeeded(on: executor) { [weak self] in
            // Nothing is signed with keys that may be old.
            _ = await keys.freshness.wait()
            await self?.look()
        }
    }

    /// Begins to look again and again, and whenever the keys change: what a key signed that was revoked is not served.
    package func start() {
        keys.whenReplaced { [repetition] in repetition.wake() }
        repetition.start { [weak self] in
            await self?.look()
            return self?.pause
        }
    }

    /// Begins nothing more.
    package func stop() { repetition.stop() }

    /// Looks once: builds what has changed.
    ///
    /// A list that is served stays as it is where the store cannot be read, or the keys were not read lately: it has its `exp`.
    /// There is one look at a time; this returns after one that began after the call.
    package func look() async { await looks.run { await lookOnce() } }

    private func lookOnce() async {
        // Before anything is read: what a list does not show may have happened since, and its `iat` must not deny that.
        let beginning = Beginning(wall: now(), running: keys.running())
        do throws(Trouble) {
            try await bringUpToDate(at: beginning)
            lists.freshness.confirm(readAt: beginning.running)
            note(nil)
        } catch {
            switch error {
            case .staleKeys: note(nil)
            case .failed(let reason):
                lists.freshness.noteFailure()
                note(reason)
            }
        }
    }

    /// Why lists were not brought up to date.
    private enum Trouble: Error {
        /// The keys were not read lately: another replica may have made another key the one that signs.
        case staleKeys
        /// The store or libcrypto failed.
        case failed(String)
    }

    private func bringUpToDate(at beginning: Beginning) async throws(Trouble) {
        let found = try await asTrouble(await store.statusLists())
        let kid = keys.current.keyring.active.kid
        let isCurrent = state.withLock { $0.basis?.isCurrent(found.version, kid: kid, at: beginning.wall) ?? false }
        if isCurrent { return }
        guard keys.isFresh else { throw .staleKeys }
        let reading = try await read(at: beginning)
        try build(found, reading, at: beginning)
    }

    /// Reads all bits, page by page.
    private func read(at beginning: Beginning) async throws(Trouble) -> StatusReading {
        var reading = StatusReading()
        while true {
            let page = try await asTrouble(
                await store.statusBits(after: reading.last, limit: pageSize, at: beginning.wall))
            reading.add(page)
            guard page.count == pageSize else { return reading }
        }
    }

    private func build(_ found: StatusLists, _ reading: StatusReading, at beginning: Beginning) throws(Trouble) {
        let before = lists.current ?? [:]
        let key = keys.current.keyring.active
        var built: [Int64: SignedStatusList] = [:]
        do throws(CryptoError) {
            let signer = try TokenSigner(key, type: StatusListBuilder.tokenType)
            for number in found.numbers {
                let bitmap = reading.bitmaps[number] ?? StatusBitmap()
                if let list = before[number], list.isCurrent(bitmap, kid: key.kid, at: beginning.wall) {
                    built[number] = list
                    continue
                }
                // The rule of access tokens.
                guard keys.isFresh else { break }
                built[number] = try builder.list(number, showing: bitmap, signedBy: signer, at: beginning.wall)
            }
        } catch {
            throw .failed("\(error)")
        }
        guard built.count == found.numbers.count else { throw .staleKeys }
        lists.replace(with: built)
        let basis = Basis(
            version: found.version, kid: key.kid, nextVanishing: reading.nextVanishing,
            issuedAt: built.values.map(\.issuedAt).max() ?? beginning.wall,
            renewal: built.values.map(\.renewal).min() ?? beginning.wall)
        state.withLock { $0.basis = basis }
    }

    /// Logs what is wrong, if that is news.
    private func note(_ complaint: String?) {
        let isNews = state.withLock { state in
            defer { state.complaint = complaint }
            // A process that ends closes its store before the last look is over.
            return complaint != state.complaint && !repetition.isStopped
        }
        if isNews, let complaint { events.record(.statusListsNotBuilt(reason: complaint)) }
    }

    private func asTrouble<Value>(
        _ step: @autoclosure () async throws(StoreError) -> Value
    ) async throws(Trouble) -> Value {
        do throws(StoreError) {
            return try await step()
        } catch {
            throw .failed("\(error)")
        }
    }
}
