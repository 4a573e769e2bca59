// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// The bits of the store as far as they have been read, page by page, in the form that is signed.
struct StatusReading {
    /// The bits by list; a list without a bit has none.
    private(set) var bitmaps: [Int64: StatusBitmap] = [:]
    /// The last index that was read.
    private(set) var last: StatusIndex?
    /// When the next bit is no longer shown.
    private(set) var nextVanishing: UnixTime?

    /// Adds a page, which comes after all others.
    mutating func add(_ page: [StatusBit]) {
        for bit in page {
            bitmaps[bit.index.list, default: StatusBitmap()].set(bit.index.index)
            nextVanishing = min(nextVanishing ?? bit.until, bit.until)
        }
        last = page.last?.index ?? last
    }
}
