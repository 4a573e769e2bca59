// SPDX-License-Identifier: Apache-2.0

package import Logging

/// The parts of a process, which start in the order of their list and stop in the reverse.
package struct Runtime {
    private let parts: [Part]
    private let log: Logger

    /// One of the parts.
    package struct Part {
        let name: String
        let start: () async throws(Failure) -> Void
        let stop: () -> Void

        /// Creates a part.
        ///
        /// - Parameters:
        ///   - name: What it is, in the fewest words.
        ///   - start: Starts it, or leaves nothing of it behind and throws.
        ///   - stop: Stops it; called once if it has started, and must not wait.
        package init(
            _ name: String, start: @escaping () async throws(Failure) -> Void = {}, stop: @escaping () -> Void = {}
        ) {
            self.name = name
            self.start = start
            self.stop = stop
        }
    }

    /// Creates a process that has done nothing yet; each part may rest on those before it.
    package init(_ parts: [Part], log: Logger) {
        self.parts = parts
        self.log = log
    }

    /// Starts all parts, waits for `body`, and stops them.
    ///
    /// - Throws: The failure of the first part that does not start. Those before it are stopped
    ///   then, those after it were never started, and `body` is not called.
    package func run(_ body: () async -> Void) async throws(Failure) {
        var started: [Part] = []
        defer {
            for part in started.reversed() {
                part.stop()
                log.trace("stopped a part", metadata: ["event": "part_stopped", "part": "\(part.name)"])
            }
        }
        for part in parts {
            try await part.start()
            started.append(part)
            log.trace("started a part", metadata: ["event": "part_started", "part": "\(part.name)"])
        }
        await body()
    }
}
