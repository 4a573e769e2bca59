// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Overwrites bytes with zeros, also where the compiler sees that nobody reads them again.
///
/// Has no effect on a copy of the array that is still held elsewhere. The C function is `explicit_bzero`.
package func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        unsafe explicit_bzero(base, bytes.count)
    }
}

extension String {
    /// Wipes the bytes of a text that was made at run time, in every copy of it.
    ///
    /// - Precondition: Not a literal, whose bytes are in memory that cannot be written.
    package func wipeStorage() {
        // A text of up to 15 bytes is in the value itself, of which this is a copy; that one is not wiped.
        guard utf8.count > 15 else { return }
        var text = self
        text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe explicit_bzero(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }
}
