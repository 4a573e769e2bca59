// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore

extension Failure {
    /// Says why an order of keys was not carried out.
    init(_ error: KeyOrderError) {
        switch error {
        case .refused(.unknown(let kid)):
            self.init(.data, "there is no key \(kid); 'lanyard key list' shows those that there are")
        case .refused(.nextExists(let next)):
            self.init(
                .data,
                "the key \(next.kid) is to sign next, from \(next.signsFrom.rfc3339); import another after that, or revoke it"
            )
        case .refused(.known(let key)):
            self.init(
                .data, "the key \(key.kid) is in the store already: it was made or imported \(key.createdAt.rfc3339)")
        case .store(let reason): self.init(reason, at: "of the settings")
        case .crypto: self.init(.bug, "no key could be made")
        }
    }
}
