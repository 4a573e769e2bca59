// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// The bytes without the byte order mark that some editors write at the start of UTF-8 text.
    ///
    /// Source: Unicode 16, section 23.8; RFC 8259 §8.1 lets readers of JSON ignore it.
    package var withoutByteOrderMark: [UInt8] {
        starts(with: Self.byteOrderMark) ? Array(dropFirst(Self.byteOrderMark.count)) : self
    }

    /// U+FEFF in UTF-8.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
