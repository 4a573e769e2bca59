// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardBase

/// Writes lines to a descriptor from a thread of its own, so that a reader that stops reading holds up nobody.
///
/// What does not fit into the queue is dropped and counted. When writing works again, a line reports how much was lost.
package final class LineWriter: Sendable {
    private struct State: Sendable {
        var lines: [[UInt8]] = []
        /// The bytes of `lines` and of those that are being written.
        var bytes = 0
        var isWriting = false
        /// Whether the last line was cut off by an error.
        var isMidLine = false
        var lossLine: LossLine?
        var dropped: UInt64 = 0
        var reported: UInt64 = 0
    }

    /// A closure needs a struct around it to be kept in a generic type.
    private struct LossLine: Sendable {
        let make: @Sendable (UInt64) -> [UInt8]
    }

    private let state = Guarded(State())
    private let descriptor: Int32
    private let capacityBytes: Int
    private let queue: DispatchQueue
    /// Entered while there is something to write.
    private let activity = DispatchGroup()

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - descriptor: Where lines go; it stays open as long as the writer.
    ///   - capacityBytes: How much may wait to be written.
    package init(to descriptor: Int32, capacityBytes: Int = 4 << 20) {
        self.descriptor = descriptor
        self.capacityBytes = capacityBytes
        queue = DispatchQueue(label: "lanyard.lines.\(descriptor)")
    }

    /// Has losses reported by the line that `make` returns for the number of lines lost since the last report.
    package func reportLosses(as make: @escaping @Sendable (UInt64) -> [UInt8]) {
        state.withLock { $0.lossLine = LossLine(make: make) }
    }

    /// How many lines were dropped so far.
    package var droppedLines: UInt64 { state.withLock { $0.dropped } }

    /// Queues one line, line feed included; never waits.
    @Sendable package func write(_ line: [UInt8]) {
        let starts = state.withLock { state -> Bool in
            guard state.bytes + line.count <= capacityBytes else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            state.bytes += line.count
            guard !state.isWriting else { return false }
            state.isWriting = true
            activity.enter()
            return true
        }
        if starts { queue.async { [self] in writeAll() } }
    }

    /// Waits until everything is written, but no longer than `patience`.
    ///
    /// - Returns: Whether everything was written.
    @discardableResult
    package func flush(within patience: Duration) -> Bool {
        activity.wait(timeout: .now() + .milliseconds(Int(patience.milliseconds))) == .success
    }

    /// Writes until nothing is left; the only function that may wait for the reader.
    private func writeAll() {
        var isMidLine = state.withLock { $0.isMidLine }
        while true {
            let batch = state.withLock { state -> [[UInt8]] in
                defer { state.lines = [] }
                if state.lines.isEmpty {
                    state.isWriting = false
                    state.isMidLine = isMidLine
                }
                return state.lines
            }
            guard !batch.isEmpty else { return activity.leave() }
            for line in batch {
                let isWritten = put(line, &isMidLine)
                state.withLock { state in
                    state.bytes -= line.count
                    if !isWritten { state.dropped += 1 }
                }
            }
            reportLoss(&isMidLine)
        }
    }

    private func reportLoss(_ isMidLine: inout Bool) {
        let (lossLine, dropped, count) = state.withLock { ($0.lossLine, $0.dropped, $0.dropped - $0.reported) }
        guard count > 0, let lossLine, put(lossLine.make(count), &isMidLine) else { return }
        state.withLock { $0.reported = dropped }
    }

    /// Writes one line, in one call unless the reader takes it in pieces.
    private func put(_ line: [UInt8], _ isMidLine: inout Bool) -> Bool {
        // A line that was cut off by an error (a full disk) must not swallow the next.
        var rest = (isMidLine ? [0x0A] + line : line)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                isMidLine = count < rest.count
                rest = rest.dropFirst(count)
                continue
            }
            let code = errno
            if code == EINTR { continue }
            guard code == EAGAIN || code == EWOULDBLOCK else { return false }
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe Glibc.poll(&poll, 1, -1)
        }
        return true
    }
}
