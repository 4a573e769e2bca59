// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore

extension Failure {
    /// Says why no key was changed.
    init(keys error: ChangeKeys.Failure) {
        switch error {
        case .sealedWithOldKey:
            self.init(
                .settings,
                "the store is sealed with LANYARD_KEYS_MASTER_OLD; start 'lanyard serve' with these settings first, which "
                    + "seals it anew")
        case .keyring(let reason): self.init(keyring: reason, at: "of the settings")
        case .unsealable: self.init(.bug, "the key could not be sealed")
        case .order(let reason): self.init(reason)
        }
    }

    /// Says why an order of keys was not carried out.
    init(_ error: KeyOrderError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .store(let reason): self.init(reason, at: "of the settings")
        case .crypto: self.init(.bug, "no key could be made")
        }
    }

    /// Says why an order does not fit the keys that there are.
    init(_ refusal: KeyOrder.Refusal) {
        switch refusal {
        case .unknown(let kid):
            self.init(.data, "there is no key \(kid); 'lanyard key list' shows those that there are")
        case .nextExists(let next):
            self.init(
                .data,
                "the key \(next.kid) is to sign next, from \(next.signsFrom.rfc3339); import another after that, or revoke it"
            )
        case .known(let key):
            self.init(
                .data, "the key \(key.kid) is in the store already: it was made or imported \(key.createdAt.rfc3339)")
        }
    }
}
