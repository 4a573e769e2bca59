// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The name of a member, compared byte by byte and quickly.
///
/// Names are compared a hundred times for each token: each with those before it, and with those that are looked for.
struct JSONName: Equatable, Sendable {
    let text: String

    /// The length, 255 for all that is longer, and the first seven bytes: all there is to know of a name up to that length.
    private let summary: UInt64

    init(_ text: String) {
        self.text = text
        let bytes = text.utf8.span
        var summary = UInt64(min(bytes.count, 0xFF))
        for index in 0..<min(bytes.count, 7) {
            summary = summary << 8 | UInt64(bytes[index])
        }
        self.summary = summary
    }

    static func == (left: Self, right: Self) -> Bool {
        left.summary == right.summary && (left.text.utf8.count <= 7 || left.text.hasSameBytes(as: right.text))
    }
}
