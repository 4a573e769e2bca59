// SPDX-License-Identifier: Apache-2.0

/// Bytes that wait: put in at the end, taken out at the front.
///
/// Owns no memory while it is empty.
struct ByteQueue {
    private var bytes: [UInt8] = []
    private var start = 0

    /// How many bytes wait.
    var count: Int { bytes.count - start }
    /// Whether no byte waits.
    var isEmpty: Bool { start == bytes.count }

    /// Puts `added` in at the end.
    mutating func append(_ added: Span<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        unsafe added.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Takes the first `count` bytes out.
    mutating func removeFirst(_ count: Int) {
        precondition(count <= self.count, "more bytes than there are")
        start += count
        if isEmpty { self = ByteQueue() }
    }

    /// Calls `body` with everything that waits.
    func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(start...))
    }
}
