// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The arguments that the process was started with, as bytes.
///
/// Swift's `CommandLine` finds them next to the environment, where they no longer are once a preloaded library has changed
/// a variable (libfaketime, monitoring agents). The kernel always knows them.
package enum CommandLineBytes {
    /// Returns all arguments, the program's name first.
    ///
    /// Source: proc(5), `/proc/pid/cmdline`.
    package static func read() -> [[UInt8]] {
        do throws(FileError) {
            let bytes = try FileDescriptor(opening: "/proc/self/cmdline", flags: O_RDONLY).readToEnd(limit: limitBytes)
            return split(bytes)
        } catch {
            // No /proc in this container; there Swift's own way has to do.
            return CommandLine.arguments.map { Array($0.utf8) }
        }
    }

    /// Splits what the kernel returns: each argument ends with a 0, and may be empty.
    package static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
        return bytes.last == 0 ? parts.dropLast() : parts
    }

    /// More than the system lets any program be started with (execve(2): 6 MiB).
    private static let limitBytes = 8 << 20
}
