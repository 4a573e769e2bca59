// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore

extension Failure {
    /// Says why the seals of the store at `place` give no working keys.
    init(keyring error: KeyringError, at place: String) {
        switch error {
        case .wrongMasterKey:
            self.init(
                .settings,
                "the master key does not open the store \(place): another key sealed it; nothing was changed, give the "
                    + "right one in LANYARD_KEYS_MASTER, or beside a new one in LANYARD_KEYS_MASTER_OLD")
        case .damagedSeal(let row), .damagedKey(let row):
            self.init(.settings, "the store \(place) is damaged at \(row); restore it from a backup")
        case .incomplete:
            self.init(
                .settings, "the store \(place) lacks a key that signs or a secret; restore it from a backup")
        }
    }
}
