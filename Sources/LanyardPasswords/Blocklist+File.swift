// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase

extension Blocklist {
    /// Reads a file of one password a line.
    ///
    /// Lines end with a line feed, before which a carriage return is dropped; nothing else is trimmed, and there are no
    /// comments. Empty lines, lines that are not UTF-8 and lines longer than any password are passed over: no password
    /// can equal them. Blocks while it reads.
    ///
    /// - Throws: ``BlocklistError``.
    package init(contentsOfFile path: String) throws(BlocklistError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BlocklistError.unreadable(code: errno) }
        defer { close(descriptor) }
        var lines = LineCollector()
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw BlocklistError.unreadable(code: errno) }
            guard count > 0 else { break }
            lines.add(chunk.prefix(count))
        }
        self.init(lines.finish())
    }
}

/// Cuts bytes that arrive in pieces into passwords.
private struct LineCollector {
    /// No code point takes more than 4 bytes, and one for the carriage return.
    private static let longestLine = Password.longestLength * longestCanonicalDecomposition * 4 + 1

    private var passwords: [String] = []
    private var line: [UInt8] = []
    private var isOverlong = false
    private var isFirst = true

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if line.count < Self.longestLine {
                line.append(byte)
            } else {
                isOverlong = true
            }
        }
    }

    mutating func finish() -> [String] {
        endLine()
        return passwords
    }

    private mutating func endLine() {
        if isFirst { line = line.withoutByteOrderMark }
        isFirst = false
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if !isOverlong, !line.isEmpty, let password = String(validating: line, as: UTF8.self) {
            passwords.append(password)
        }
        line.removeAll(keepingCapacity: true)
        isOverlong = false
    }
}
