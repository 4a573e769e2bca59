// SPDX-License-Identifier: Apache-2.0

/// A range of offsets into the bytes of a request, in half the room of a `Range<Int>`.
///
/// Every connection keeps a few of these while a head trickles in; heads end far below 4 GiB.
struct ByteRange: Equatable, Sendable {
    private let lower: UInt32
    private let upper: UInt32

    init(_ range: Range<Int>) {
        lower = UInt32(range.lowerBound)
        upper = UInt32(range.upperBound)
    }

    var offsets: Range<Int> { Int(lower)..<Int(upper) }
    var isEmpty: Bool { lower == upper }
}
