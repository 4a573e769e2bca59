// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Decompression of what others have compressed, who may mean ill.
package enum Inflate {
    /// Returns what `bytes` hold: one whole stream in the format of zlib (RFC 1950), and nothing behind it.
    ///
    /// - Parameters:
    ///   - bytes: The stream, with its checksum.
    ///   - limitBytes: The most bytes of output; the room that is taken grows with the output, and never over twice this.
    /// - Returns: The bytes that were compressed.
    /// - Throws: ``InflateError``.
    package static func zlib(_ bytes: [UInt8], limitBytes: Int) throws(InflateError) -> [UInt8] {
        precondition((0...maximumByteCount).contains(limitBytes), "a limit is not negative and at most 1 GiB")
        guard bytes.count <= maximumByteCount else { throw .malformed }
        var input = bytes  // zlib's pointer to the input is not const, but it only reads.
        var output: [UInt8] = []
        let fault = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe inflate(input, limitBytes: limitBytes, into: &output)
        }
        if let fault { throw fault }
        return output
    }

    /// Appends what `input` holds to `output`, and returns what is wrong, or `nil`.
    private static func inflate(
        _ input: UnsafeMutableBufferPointer<UInt8>, limitBytes: Int, into output: inout [UInt8]
    ) -> InflateError? {
        var stream = unsafe z_stream()
        return unsafe withUnsafeMutablePointer(to: &stream) { stream in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(input.count)
            let started = unsafe inflateInit2_(
                stream, MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            // Only for want of memory, where Swift's own allocations stop the program as well.
            precondition(started == Z_OK, "zlib cannot begin: \(started)")
            defer { unsafe _ = inflateEnd(stream) }
            while true {
                // One byte over the limit tells an end from a stream that goes on.
                let room = min(max(firstRoomBytes, output.count), limitBytes + 1 - output.count)
                let written = output.count
                output.append(contentsOf: repeatElement(0, count: room))
                let status = unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + written }
                    unsafe stream.pointee.avail_out = UInt32(room)
                    return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                }
                output.removeLast(Int(unsafe stream.pointee.avail_out))
                guard output.count <= limitBytes else { return .tooLarge(limitBytes: limitBytes) }
                switch status {
                case Z_STREAM_END:
                    return unsafe stream.pointee.avail_in == 0 ? nil : .trailingBytes
                case Z_OK where output.count == written + room:
                    continue
                case Z_OK, Z_BUF_ERROR:
                    return .truncated  // There is room for more, and no input.
                case Z_MEM_ERROR:
                    preconditionFailure("zlib has no memory")
                default:
                    return .malformed  // A preset dictionary, which nobody agreed on, among others.
                }
            }
        }
    }

    /// How much room is taken at first; it is doubled when it is full.
    private static let firstRoomBytes = 16_384

    /// Far above all that is read here, and below what zlib counts in 32 bits.
    private static let maximumByteCount = 1 << 30
}
