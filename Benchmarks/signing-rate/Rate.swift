// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardBase

/// How often something was done by several threads at once.
struct Rate: Sendable {
    private var count = 0
    private var perSecond = 0.0
    private var perCPUSecond = 0.0

    /// The rate as a JSON object.
    var json: String {
        #"{"count":\#(count),"per_second":\#(perSecond),"per_cpu_second":\#(perCPUSecond)}"#
    }

    /// Measures for `time` what each of `threads` does, with what `makeWork` makes on that thread.
    ///
    /// - Returns: The sums over all threads.
    static func measured(
        threads: Int, for time: Duration, _ makeWork: @escaping @Sendable () throws -> () throws -> Void
    ) throws -> Rate {
        let sum = Guarded(Result<Rate, any Error>.success(Rate()))
        let group = DispatchGroup()
        for number in 0..<threads {
            DispatchQueue(label: "rate \(number)").async(group: group) {
                let one = Result { try measuredHere(for: time, makeWork()) }
                sum.withLock { sum in sum = sum.flatMap { total in one.map(total.adding) } }
            }
        }
        group.wait()
        return try sum.withLock { $0 }.get()
    }

    private static func measuredHere(for time: Duration, _ work: () throws -> Void) throws -> Rate {
        for _ in 0..<20 { try work() }  // So that everything that is made once is there.
        let clock = ContinuousClock()
        let (start, cpuStart) = (clock.now, cpuSeconds())
        var count = 0
        repeat {
            try work()
            count += 1
        } while clock.now - start < time
        let cpu = cpuSeconds() - cpuStart
        return Rate(
            count: count, perSecond: Double(count) / ((clock.now - start) / .seconds(1)),
            perCPUSecond: Double(count) / cpu)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func adding(_ other: Rate) -> Rate {
        Rate(
            count: count + other.count, perSecond: perSecond + other.perSecond,
            perCPUSecond: perCPUSecond + other.perCPUSecond)
    }
}
