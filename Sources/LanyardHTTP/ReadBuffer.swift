// SPDX-License-Identifier: Apache-2.0

/// The bytes of one read; a loop has one, which all its connections use in turn.
@safe final class ReadBuffer {
    /// The whole buffer, for ``Socket/receive(into:)``.
    let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Makes room for `capacity` bytes.
    init(capacity: Int) {
        unsafe bytes = .allocate(capacity: capacity)
        unsafe bytes.initialize(repeating: 0)
    }

    deinit { unsafe bytes.deallocate() }

    /// How many bytes fit.
    var capacity: Int { unsafe bytes.count }

    /// Calls `body` with the first `count` bytes.
    func withBytes<Result>(_ count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        unsafe body(bytes.extracting(0..<count).span)
    }
}
