// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Why a command ends without having done its work: what the operator reads, and what a script sees.
package struct Failure: Error, Equatable, Sendable {
    /// The status that the process exits with.
    package let status: ExitStatus
    /// What is wrong and what to do, without the program's name and without a full stop.
    package let message: String

    /// Creates a failure.
    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The one line for standard error, line feed included.
    ///
    /// Control characters in the message (a path, an argument) are escaped: whatever is in it, it stays one line and
    /// steers no terminal.
    package var line: String { "lanyard: \(message.escapingControls)\n" }
}

/// What the process tells its caller, in the numbers of `sysexits.h`.
package enum ExitStatus: Int32, Sendable {
    /// The work is done.
    case done = 0
    /// The question that was asked has the answer no.
    case answeredNo = 1
    /// The command line is wrong (`EX_USAGE`).
    case usage = 64
    /// What was given is wrong, or does not exist, or exists already (`EX_DATAERR`).
    case data = 65
    /// The store, a port or another server is not available (`EX_UNAVAILABLE`).
    case unavailable = 69
    /// A bug (`EX_SOFTWARE`).
    case bug = 70
    /// A file cannot be created or written (`EX_CANTCREAT`).
    case cannotCreate = 73
    /// The system forbids it (`EX_NOPERM`).
    case noPermission = 77
    /// The settings, or the master key, are wrong (`EX_CONFIG`).
    case settings = 78
}
