// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardVerifier

/// A token on the command line.
enum TokenArgument {
    /// Returns the token that `argument` is, or the one on standard input if it is `-`.
    ///
    /// On standard input blanks and line feeds around the token do not count.
    static func read(_ argument: String) throws(Failure) -> String {
        guard argument == "-" else { return argument }
        var input: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = retryingInterrupts { unsafe Glibc.read(STDIN_FILENO, &chunk, chunk.count) }
            guard count >= 0 else {
                throw Failure(.data, "cannot read the token from standard input: \(FileError(errno).reason)")
            }
            if count == 0 { break }
            input += chunk[..<count]
            // Longer than any token, so it is refused for its length whatever follows.
            if input.count > 2 * UnverifiedToken.maximumBytes { break }
        }
        input = input.withoutByteOrderMark
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let start = input.drop(while: isBlank)
        let end = start.lastIndex { !isBlank($0) } ?? start.startIndex - 1
        return String(decoding: start[...end], as: UTF8.self)
    }
}
