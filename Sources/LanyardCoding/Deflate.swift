// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compression with DEFLATE (RFC 1951), for documents that are made once and sent often.
///
/// Needs some 300 KiB while it works. What comes out is the same each time for one version of zlib, and may be other bytes
/// with the same meaning for another.
package enum Deflate {
    /// Returns `bytes` in the format of gzip (RFC 1952), compressed as far as it goes; no name and no time is told.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        compress(bytes, windowBits: MAX_WBITS + 16, strategy: Z_DEFAULT_STRATEGY)
    }

    /// Returns `bytes` in the format of zlib (RFC 1950), looking for nothing but runs of one byte.
    ///
    /// Right for large arrays of nearly nothing but zeros, such as status lists: a hundredth of the time for a few bytes more.
    package static func zlibOfRuns(_ bytes: [UInt8]) -> [UInt8] {
        compress(bytes, windowBits: MAX_WBITS, strategy: Z_RLE)
    }

    private static func compress(_ bytes: [UInt8], windowBits: Int32, strategy: Int32) -> [UInt8] {
        precondition(bytes.count <= maximumByteCount, "a document is below 1 GiB")
        var input = bytes  // zlib's pointer to the input is not const, but it only reads.
        var stream = unsafe z_stream()
        return unsafe withUnsafeMutablePointer(to: &stream) { stream in
            let started = unsafe deflateInit2_(
                stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, memoryLevel, strategy, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size))
            // Only for want of memory, where Swift's own allocations stop the program as well.
            precondition(started == Z_OK, "zlib cannot begin: \(started)")
            defer { unsafe _ = deflateEnd(stream) }
            let bound = Int(unsafe deflateBound(stream, UInt(input.count)))
            return unsafe input.withUnsafeMutableBufferPointer { input in
                unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                    unsafe stream.pointee.next_in = input.baseAddress
                    unsafe stream.pointee.avail_in = UInt32(input.count)
                    unsafe stream.pointee.next_out = output.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(output.count)
                    let ended = unsafe deflate(stream, Z_FINISH)
                    precondition(ended == Z_STREAM_END, "the bound of zlib is one: \(ended)")
                    count = Int(unsafe stream.pointee.total_out)
                }
            }
        }
    }

    /// What zlib takes if it is not told.
    private static let memoryLevel: Int32 = 8

    /// Far above all that is compressed here, and below what zlib counts in 32 bits.
    private static let maximumByteCount = 1 << 30
}
