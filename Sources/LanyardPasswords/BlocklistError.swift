// SPDX-License-Identifier: Apache-2.0

/// Why a list of passwords cannot be had.
package enum BlocklistError: Error, Equatable, Sendable {
    /// The file cannot be opened or read, for the reason of errno(3).
    case unreadable(code: Int32)
}
