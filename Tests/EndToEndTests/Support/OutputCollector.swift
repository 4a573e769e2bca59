// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Everything that a process writes to one pipe, readable while it still runs.
final class OutputCollector: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isEnded = false
    }

    private let state = Mutex(State())
    private let news = DispatchSemaphore(value: 0)

    /// Reads `descriptor` to its end on a thread of its own, then closes it.
    ///
    /// - Parameters:
    ///   - descriptor: The end of a pipe.
    ///   - path: A file to which everything is appended.
    init(takingOwnershipOf descriptor: Int32, copyingTo path: String? = nil) {
        let copy = path.map { unsafe open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? -1
        DispatchQueue(label: "output").async { [self] in
            defer { if copy >= 0 { close(copy) } }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                if count > 0, copy >= 0 { _ = unsafe write(copy, chunk, count) }
                state.withLock { state in
                    if count > 0 { state.bytes += chunk[..<count] } else { state.isEnded = true }
                }
                news.signal()
                if count <= 0 { break }
            }
            close(descriptor)
        }
    }

    /// What has come so far, with anything that is not UTF-8 replaced.
    var text: String { String(decoding: state.withLock(\.bytes), as: UTF8.self) }

    /// The lines that have come so far and are whole.
    var lines: [String] { Self.wholeLines(of: text) }

    /// Waits until `condition` holds for the whole lines, and returns them; `nil` if it never did.
    func lines(by deadline: Deadline, until condition: ([String]) -> Bool) -> [String]? {
        while true {
            let (bytes, isEnded) = state.withLock { ($0.bytes, $0.isEnded) }
            let lines = Self.wholeLines(of: String(decoding: bytes, as: UTF8.self))
            if condition(lines) { return lines }
            guard !isEnded, news.wait(timeout: deadline.dispatchTime) == .success else { return nil }
        }
    }

    /// Waits for the end, which comes when no process holds the other end of the pipe.
    func waitForEnd(by deadline: Deadline) -> Bool {
        while !state.withLock(\.isEnded) {
            guard news.wait(timeout: deadline.dispatchTime) == .success else { return false }
        }
        return true
    }

    private static func wholeLines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeLast()  // What stands after the last line feed: nothing, or a line that is still being written.
        return lines
    }
}
