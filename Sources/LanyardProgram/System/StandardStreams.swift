// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Writes a result to standard output, in one call, so that two results never mix.
///
/// - Throws: A failure with status 73 when it cannot be written (a full disk, a reader that has gone).
package func writeResult(_ text: String) throws(Failure) {
    do {
        try writeAll(Array(text.utf8), to: STDOUT_FILENO)
    } catch {
        throw Failure(.cannotCreate, "cannot write to standard output: \(error.reason)")
    }
}

/// Writes a notice or a failure to standard error, in one call.
///
/// When even that fails there is nobody left to tell.
package func writeNotice(_ text: String) {
    try? writeAll(Array(text.utf8), to: STDERR_FILENO)
}
