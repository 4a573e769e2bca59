// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// The bits of a status list: 128 KiB, however many are set.
struct StatusBitmap: Equatable, Sendable {
    /// Index 0 is the least significant bit of the first byte (Token Status List §4.1).
    private(set) var bytes = [UInt8](repeating: 0x00, count: StatusListUse.listSize / 8)

    /// Sets the bit of `index`.
    ///
    /// A token whose index is beyond the list is refused by all verifiers (§8.3): such a bit need not be shown.
    mutating func set(_ index: Int64) {
        guard 0..<Int64(StatusListUse.listSize) ~= index else { return }
        bytes[Int(index >> 3)] |= 1 << UInt8(index & 7)
    }
}
