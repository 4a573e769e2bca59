// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase

/// Clocks that run as the machine's do, ahead of them by offsets that a test changes while programs run.
///
/// `TEST_CLOCK_FILE` names a file with two numbers of eight bytes in the machine's byte order: the milliseconds by which
/// wall time is ahead, and those of the monotonic clock. All programs of a test read one file, so they agree on the time.
struct TestClock: Sendable {
    private let file: Int32

    /// Opens the file, without which there is nothing to do here.
    init() {
        guard let path = unsafe getenv("TEST_CLOCK_FILE") else {
            preconditionFailure("TEST_CLOCK_FILE must name the file of the offsets")
        }
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        precondition(file >= 0, "the file that TEST_CLOCK_FILE names cannot be read")
    }

    @Sendable func wall() -> UnixTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let machine = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        return UnixTime(milliseconds: machine + milliseconds(at: 0))
    }

    @Sendable func running() -> ContinuousClock.Instant { .now + .milliseconds(milliseconds(at: 8)) }

    private func milliseconds(at offset: Int) -> Int64 {
        var number: Int64 = 0
        let count = unsafe pread(file, &number, 8, offset)
        precondition(count == 8, "the file that TEST_CLOCK_FILE names is too short")
        return number
    }
}
