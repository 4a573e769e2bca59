// SPDX-License-Identifier: Apache-2.0

/// The right and duty to complete one pending exchange, exactly once, from any queue.
package struct ExchangeTicket: Sendable {
}
