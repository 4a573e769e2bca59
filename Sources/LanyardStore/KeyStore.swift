// SPDX-License-Identifier: Apache-2.0

/// The part of a store that keys and secrets are in.
package protocol KeyStore: Sendable {
    /// Reads what the store holds that is sealed; `nil` if the store was never founded. Makes no store.
    func foundation() async throws(StoreError) -> Foundation?

    /// Raises the longest access lifetime that any replica has used; never lowers it. A change counts as one of keys.
    func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError)

    /// Reads how often the keys and secrets of the store were changed, or the longest access lifetime, by which keys are kept.
    func keyVersion() async throws(StoreError) -> Int64

    /// Changes keys and secrets if they are still as they were at `version`.
    ///
    /// Returns `false`, and nothing is written, if somebody else has changed them since: whoever decided on the
    /// change decides again. That makes each step of a key's life one compare-and-swap, whoever takes it.
    func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool
}
