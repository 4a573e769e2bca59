// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// Why an order was not carried out.
package enum KeyOrderError: Error, Equatable, Sendable {
    /// The order does not fit the keys that there are.
    case refused(KeyOrder.Refusal)
    /// The store did not do it.
    case store(StoreError)
    /// No key could be made or sealed.
    case crypto
}
