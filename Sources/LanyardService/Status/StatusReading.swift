// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// The bits of the store as far as they have been read, page by page, in the form that is signed.
final class StatusReading: Sendable {
    private let state = Guarded(State())

    private struct State {
        var bitmaps: [Int64: StatusBitmap] = [:]
        var last: StatusIndex?
        var nextVanishing: UnixTime?
    }

    /// Adds a page, which comes after all others.
    func add(_ page: [StatusBit]) {
        state.withLock { state in
            for bit in page {
                state.bitmaps[bit.index.list, default: StatusBitmap()].set(bit.index.index)
                state.nextVanishing = min(state.nextVanishing ?? bit.until, bit.until)
            }
            state.last = page.last?.index ?? state.last
        }
    }

    /// The last index that was read.
    var last: StatusIndex? { state.withLock(\.last) }

    /// The bits by list; a list without a bit has none.
    var bitmaps: [Int64: StatusBitmap] { state.withLock(\.bitmaps) }

    /// When the next bit is no longer shown.
    var nextVanishing: UnixTime? { state.withLock(\.nextVanishing) }
}
