// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardStore
internal import LanyardStoreSQLite
internal import LanyardVerifier

/// What the commands do with keys, and how they tell what came of it.
struct KeyRules {
    private let opened: OpenedStore
    private let policy: KeyPolicy

    /// Opens the store of the settings; none is made.
    init(_ settings: Settings) async throws(Failure) {
        opened = try await OpenedStore(settings, for: .looking)
        policy = settings.keyPolicy
    }

    /// Ends the store.
    func close() { opened.store.close() }

    /// Prints the keys of the key set.
    func list(asJSON: Bool) throws(Failure) {
        let keys = opened.foundation.publishedKeys
        try writeResult(asJSON ? JSONValue.array(keys.map(\.json)).text + "\n" : keys.map(\.line).joined())
    }

    /// Carries out `order` and tells what verifiers will see of it.
    func carryOut(_ order: KeyOrder) async throws(Failure) {
        // Servers that do not have the new master key yet could not open what would be sealed with it.
        if (try? Keyring.resealing(opened.foundation, with: opened.masterKey)) != nil {
            throw Failure(
                .settings,
                "the store is sealed with LANYARD_KEYS_MASTER_OLD; start 'lanyard serve' with these settings first, which "
                    + "seals it anew")
        }
        if case .rotateRefresh = order { await waitForRefreshKey() }
        let orders = KeyOrders(
            store: opened.store, masterKey: opened.masterKey, policy: policy, now: SystemClock.now)
        let outcome: KeyOrder.Outcome
        do throws(KeyOrderError) {
            outcome = try await orders.carryOut(order)
        } catch {
            throw Failure(error)
        }
        let report = KeyReport(outcome, of: opened.foundation, under: policy, at: SystemClock.now())
        try writeResult(report.text)
    }

    /// Waits until every server makes refresh tokens with the newest key, if that is only just made.
    ///
    /// Otherwise the next key would take from a server the one that it makes tokens with, and it would give out tokens that
    /// nobody takes, until it reads the store again.
    private func waitForRefreshKey() async {
        guard let newest = opened.foundation.refreshSecrets.dropFirst().last else { return }
        let left = KeyPolicy.refreshKeyTakeover - SystemClock.now().since(newest.createdAt)
        guard left > .zero, left <= KeyPolicy.refreshKeyTakeover else { return }
        let seconds = Int(left.wholeSeconds) + 1
        writeNotice("lanyard: the key of refresh tokens is new, so wait \(seconds) s until every server uses it\n")
        await pause(seconds: seconds)
    }

    /// Publishes `key`, which signs next.
    func add(_ key: PrivateKey) async throws(Failure) {
        let maker = KeyMaker(masterKey: opened.masterKey, policy: policy)
        guard let record = try? maker.record(of: key, at: SystemClock.now(), lead: policy.publishLead) else {
            throw Failure(.bug, "the key could not be sealed")
        }
        try await carryOut(.add(record))
        if key.algorithm != policy.algorithm {
            writeNotice(
                """
                lanyard: LANYARD_KEYS_ALGORITHM is \(policy.algorithm.rawValue): a key of that algorithm will follow the \
                imported one, which is for \(key.algorithm.rawValue)

                """)
        }
    }

    /// Prints the public half of a key.
    func export(_ kid: String, asPEM: Bool) throws(Failure) {
        guard let record = opened.foundation.key(kid) else { throw Failure(.refused(.unknown(kid: kid))) }
        guard let key = try? JSONWebKey(opening: record) else {
            throw Failure(.unavailable, "the key \(kid.escapingControls) is damaged; restore the store from a backup")
        }
        if asPEM {
            guard let pem = try? key.publicKey.pem else { throw Failure(.bug, "the key cannot be written as PEM") }
            try writeResult(pem)
        } else {
            var writer = JSONWriter()
            key.write(to: &writer)
            try writeResult(String(decoding: writer.finish(), as: UTF8.self) + "\n")
        }
    }
}

extension KeyRecord {
    /// The key in one line, for people.
    fileprivate var line: String {
        let times =
            switch state {
            case .next: "signs from \(signsFrom.rfc3339)"
            case .active:
                goneAt.map { "signs until \($0.rfc3339), revoked" } ?? "signs since \(signsFrom.rfc3339)"
            case .retired: "in the key set until \((goneAt ?? signsFrom).rfc3339)"
            }
        return "\(kid)\t\(algorithm)\t\(state.rawValue)\t\(times)\n"
    }
}
