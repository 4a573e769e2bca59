// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// What an operator is told of an order: what verifiers will see, and until when.
package struct KeyReport: Sendable {
    /// When every verifier knows the key that signs next, even one that reads the key set only when its copy is too old.
    package let knownEverywhere: UnixTime?
    /// When no verifier accepts what the revoked key has signed, whatever copy of the key set it had.
    package let trustedNowhere: UnixTime?
    /// One line each, line feeds included.
    package let text: String

    /// Creates the report of what came of an order at `now`.
    ///
    /// - Parameters:
    ///   - outcome: What came of it.
    ///   - foundation: What the store held before.
    ///   - policy: How keys live.
    ///   - now: When it was carried out.
    package init(_ outcome: KeyOrder.Outcome, of foundation: Foundation, under policy: KeyPolicy, at now: UnixTime) {
        let retention = policy.retention(longestAccessLifetime: foundation.longestAccessLifetime)
        let signer = foundation.activeKey?.kid ?? ""
        var lines: [String] = []
        var known: UnixTime?
        var untrusted: UnixTime?
        switch outcome {
        case .published(let key):
            lines.append("published the key \(key.kid) (\(key.algorithm)), which signs from \(key.signsFrom.rfc3339)")
            lines.append(
                "until then \(signer) signs, and stays in the key set until \((key.signsFrom + retention).rfc3339)")
            known = Self.readEverywhere(after: now)
        case .hastened(let key):
            lines.append("the key \(key.kid) (\(key.algorithm)) signs from \(key.signsFrom.rfc3339)")
            lines.append(
                "until then \(signer) signs, and stays in the key set until \((key.signsFrom + retention).rfc3339)")
            known = Self.readEverywhere(after: key.createdAt)
        case .pending(let key):
            lines.append(
                "the key \(key.kid) (\(key.algorithm)) is published already and signs from \(key.signsFrom.rfc3339); "
                    + "nothing was changed")
            known = Self.readEverywhere(after: key.createdAt)
        case .revoked(let key, let successor):
            lines.append(
                "revoked the key \(key.kid): it leaves the key set at \(successor.signsFrom.rfc3339), when "
                    + "\(successor.kid) (\(successor.algorithm)) signs")
            known = Self.readEverywhere(after: successor.createdAt)
            untrusted = Self.trustedNowhere(ifItLeavesAt: successor.signsFrom)
        case .removed(let key):
            lines.append("revoked the key \(key.kid): it is in the key set no more")
            // A key that never signed is trusted by nobody for anything.
            if foundation.key(key.kid)?.state == .retired { untrusted = Self.readEverywhere(after: now) }
        case .successorReplaced(let key, let successor, let signer):
            lines.append("revoked the key \(key.kid): it is in the key set no more")
            lines.append(
                "the revoked key \(signer.kid) leaves the key set at \(successor.signsFrom.rfc3339), when "
                    + "\(successor.kid) (\(successor.algorithm)) signs")
            known = Self.readEverywhere(after: successor.createdAt)
            untrusted = Self.trustedNowhere(ifItLeavesAt: successor.signsFrom)
        case .revokedAlready(let key):
            lines.append("the key \(key.kid) was revoked already; nothing was changed")
            untrusted = Self.trustedNowhere(ifItLeavesAt: key.goneAt ?? now)
        case .refreshRotated(let secret, let dropped):
            lines.append(
                "refresh tokens are made with a new key from "
                    + "\((secret.createdAt + KeyPolicy.emergencyLead).rfc3339); those of the key before stay good")
            if dropped {
                let before = foundation.refreshSecrets.last?.createdAt.rfc3339 ?? ""
                lines.append("those of the key before that one, made before \(before), are refused from now on")
            }
        case .refreshDropped:
            lines.append("refresh tokens made with keys before the newest are refused from now on")
        case .refreshAlone:
            lines.append("there is one key for refresh tokens; nothing was changed")
        }
        if let known, known > now {
            let early = keySigning(before: known, outcome)
            lines.append(
                "verifiers that cache the key set may not know the new key until \(known.rfc3339)"
                    + (early == nil
                        ? "" : ", and reject its tokens until then unless they fetch the key set for an unknown kid"))
            if let early { lines.append(Self.refetching(early)) }
        }
        if let untrusted, untrusted > now {
            lines.append(
                "verifiers that use a copy of the key set accept what the revoked key has signed until "
                    + "\(untrusted.rfc3339); Lanyard itself does not; sessions live on")
        }
        knownEverywhere = known
        trustedNowhere = untrusted
        text = lines.map { $0 + "\n" }.joined()
    }

    /// Says what verifiers see of `key` that fetch the key set when they meet a key that they do not know.
    private static func refetching(_ key: KeyRecord) -> String {
        let verifiers =
            "verifiers that do fetch it, as LanyardVerifier, PyJWT and jose do, wait 30 s between two fetches: "
        let known = key.createdAt + KeyPolicy.followed + KeyPolicy.refetchInterval
        return verifiers
            + (key.signsFrom < known
                ? "they may reject its tokens until \(known.rfc3339)" : "they know it when it signs")
    }

    /// Returns when no cache has a key that is to leave the key set at `instant`.
    ///
    /// Servers follow a little later, and one that starts only then waits until no clock can have it too early.
    private static func trustedNowhere(ifItLeavesAt instant: UnixTime) -> UnixTime {
        readEverywhere(after: instant + KeyPolicy.followed + KeyPolicy.clockSkew)
    }

    /// Returns when no cache has the key set from before a change that was made in the store at `instant`.
    private static func readEverywhere(after instant: UnixTime) -> UnixTime {
        instant + KeyPolicy.followed + KeyPolicy.cacheLifetime
    }
}

/// Returns the key of `outcome` if it signs before every verifier knows it.
private func keySigning(before known: UnixTime, _ outcome: KeyOrder.Outcome) -> KeyRecord? {
    switch outcome {
    case .published(let key), .hastened(let key), .pending(let key), .revoked(_, successor: let key),
        .successorReplaced(_, successor: let key, _):
        key.signsFrom < known ? key : nil
    case .removed, .refreshRotated, .refreshDropped, .refreshAlone, .revokedAlready: nil
    }
}
