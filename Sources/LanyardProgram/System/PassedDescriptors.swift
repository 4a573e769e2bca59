// SPDX-License-Identifier: Apache-2.0

/// The descriptors that a service manager has opened for this process (sd_listen_fds(3)).
package struct PassedDescriptors: Equatable, Sendable {
    /// The numbers of the descriptors, from 3 on.
    package let numbers: Range<Int32>
    /// A name for each, or none at all.
    private let names: [String]

    /// Finds out what was passed; nothing unless `LISTEN_PID` is this process, whoever else the variables were for.
    ///
    /// - Throws: A failure with status 78 for variables that no service manager sets.
    package init(environment: [String: String], processID: Int32) throws(Failure) {
        guard environment["LISTEN_PID"].flatMap(Int32.init) == processID else {
            (numbers, names) = (Self.first..<Self.first, [])
            return
        }
        let text = environment["LISTEN_FDS"] ?? "0"
        guard let count = Int32(text), (0...Self.most).contains(count) else {
            throw Failure(.settings, "LISTEN_FDS=\(text.prefix(20)) is no number of sockets; let a .socket unit set it")
        }
        numbers = Self.first..<Self.first + count
        names =
            environment["LISTEN_FDNAMES"].map { $0.split(separator: ":", omittingEmptySubsequences: false) }?
            .map(String.init) ?? []
        guard names.isEmpty || names.count == numbers.count else {
            throw Failure(.settings, "LISTEN_FDNAMES has \(names.count) names for LISTEN_FDS=\(count) sockets")
        }
    }

    /// Returns the name of a descriptor, `FileDescriptorName=` in its unit.
    package func name(of number: Int32) -> String? {
        names.isEmpty ? nil : names[Int(number - Self.first)]
    }

    /// The variables in which they are passed; the last one is for processes that find themselves by a pidfd.
    static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]

    /// `SD_LISTEN_FDS_START`: the first after standard input, output and error.
    private static let first: Int32 = 3
    /// More than any unit passes.
    private static let most: Int32 = 1_024
}
