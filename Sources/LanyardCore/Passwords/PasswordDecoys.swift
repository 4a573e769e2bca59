// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCrypto
package import LanyardPasswords
package import LanyardStore

/// What passwords are checked against: the hash of the account, or one that costs the same when there is no account.
///
/// A fixed decoy would give existing names away as soon as stored hashes and live parameters differ. So there is a decoy of
/// each kind of hash in the store, and a MAC of the name selects one in the proportions of the store. A name has the same
/// kind on every replica, and keeps it while the proportions stay: the MAC is a fraction, laid over the kinds in a fixed
/// order.
package final class PasswordDecoys: Sendable {
    private let seal: PasswordSeal
    private let table: Guarded<Table>
    private let live: PasswordHashKind

    /// The decoys in the order of their kinds' texts.
    private struct Table {
        var decoys: [Decoy]
        var total: UInt64 { decoys.last?.end ?? 0 }
    }

    /// A sealed hash that no password is known to match.
    private struct Decoy {
        let kind: PasswordHashKind
        let id: AccountID
        let sealed: [UInt8]
        /// How many accounts have this kind or one before it.
        var end: UInt64
    }

    /// Creates decoys for an empty store: all are of the kind that new hashes have.
    package init(_ seal: PasswordSeal, live: PasswordHashKind) {
        self.seal = seal
        self.live = live
        table = Guarded(Table(decoys: []))
        adopt(PasswordSchemes(counts: [:], countedAt: nil))
    }

    /// Follows the proportions of the store.
    ///
    /// Kinds that this release cannot compute are left out: they come from a newer one.
    package func adopt(_ schemes: PasswordSchemes) {
        var counts = schemes.counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .compactMap { text, count in PasswordHashKind(text).map { (kind: $0, count: UInt64(max(0, count))) } }
            .filter { $0.count > 0 }
        if counts.isEmpty { counts = [(live, 1)] }
        let before = table.withLock { $0.decoys }
        var end: UInt64 = 0
        let decoys = counts.compactMap { kind, count -> Decoy? in
            end += count
            var decoy = before.first { $0.kind == kind } ?? makeDecoy(kind)
            decoy?.end = end
            return decoy
        }
        guard decoys.count == counts.count else { return }  // libcrypto failed; the next count tries again.
        table.withLock { $0.decoys = decoys }
    }

    /// Returns what the lanes compute for a login: the same work for every name.
    ///
    /// - Parameters:
    ///   - password: The password as presented.
    ///   - account: The account, if the name has one.
    ///   - name: The name's key, or the name itself if it can be no account's.
    /// - Returns: A check that costs one hash.
    /// - Throws: ``KeyringError`` if the account's hash cannot be opened.
    package func check(
        _ password: Password, of account: Account?, named name: String
    ) throws(KeyringError) -> PasswordCheck {
        let decoy = decoy(for: name)
        guard let account else { return PasswordCheck(password, decoy: try seal.open(decoy.sealed, account: decoy.id)) }
        return PasswordCheck(
            password, against: try seal.open(account.password, account: account.id),
            upgrades: account.disabledAt == nil)
    }

    /// The kind of hash that is computed for a name without an account.
    package func kind(for name: String) -> PasswordHashKind { decoy(for: name).kind }

    private func decoy(for name: String) -> Decoy {
        let fraction = seal.decoyFraction(of: name)
        return table.withLock { table in
            let position = fraction.multipliedFullWidth(by: table.total).high
            guard let decoy = table.decoys.first(where: { position < $0.end }) else {
                preconditionFailure("a fraction is below 1, so its position is below the total")
            }
            return decoy
        }
    }

    private func makeDecoy(_ kind: PasswordHashKind) -> Decoy? {
        // As long as an account's id, so that opening the seal takes as long.
        let id = Account.makeID()
        let hash = kind.unmatchable(random: SecureRandom.bytes)
        guard let sealed = try? seal.seal(hash, account: id) else { return nil }
        return Decoy(kind: kind, id: id, sealed: sealed, end: 0)
    }
}
