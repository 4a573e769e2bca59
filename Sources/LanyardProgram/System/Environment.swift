// SPDX-License-Identifier: Apache-2.0

// The C library's `environ` is a variable that any thread could change; this process changes it before it has a second one.
@unsafe @preconcurrency internal import Glibc

/// The variables that the process was started with, less those that it has taken out.
package enum Environment {
    /// Reads all variables; of two with one name the first counts, as for `getenv(3)`.
    package static func read() -> [String: String] {
        var variables: [String: String] = [:]
        var cursor = unsafe environ
        while let entry = unsafe cursor.pointee {
            let text = unsafe String(cString: entry)
            if let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
                let name = String(text[..<sign])
                if variables[name] == nil { variables[name] = String(text[text.utf8.index(after: sign)...]) }
            }
            unsafe cursor += 1
        }
        return variables
    }

    /// Takes variables out, so that no other program inherits them; only before the process has a second thread.
    static func remove(_ names: [String]) {
        for name in names { unsafe unsetenv(name) }
    }
}
