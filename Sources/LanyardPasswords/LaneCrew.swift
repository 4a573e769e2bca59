// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// The threads of ``PasswordLanes`` and the queue they are fed from.
///
/// Each lane is one block on a serial queue of its own that ends only on closing, as the event loops are. Dispatch
/// promises no thread to a queue, but a block never changes its thread, so each lane in effect owns one: that is what
/// lets it keep its memory.
final class LaneCrew: Sendable {
    private let queue: Guarded<LaneQueue<LaneJob>>
    /// Signalled once for each job that is given a free lane, and once for each lane on closing.
    private let bell = DispatchSemaphore(value: 0)
    private let lanes = DispatchGroup()
    private let laneCount: Int

    /// Reserves the memory of all lanes and starts them.
    ///
    /// - Throws: ``PasswordMemoryError/unavailable(bytes:)``.
    init(laneCount: Int, capacity: Int, memoryBytes: Int) throws(PasswordMemoryError) {
        let blocks = (1...laneCount).compactMap { _ in HashingMemory(byteCount: memoryBytes) }
        guard blocks.count == laneCount, Self.areResident(blocks) else {
            throw .unavailable(bytes: laneCount * memoryBytes)
        }
        self.laneCount = laneCount
        queue = Guarded(LaneQueue(laneCount: laneCount, capacity: capacity))
        for (number, block) in zip(1..., blocks) {
            // Utility, because a login can wait a little longer and a signature for a refresh should not. Dispatch keeps
            // 255 threads for each class at most, so the lanes of very large machines are spread over two.
            let quality: DispatchQoS = number <= 128 ? .utility : .background
            DispatchQueue(label: "lanyard.passwords.\(number)", qos: quality).async(group: lanes) { [self] in
                block.serve { serve() }
            }
        }
    }

    var load: LaneLoad { queue.withLock { $0.load } }

    func admit(_ job: LaneJob, _ priority: LanePriority) -> LaneAdmission {
        let (admission, wakesLane) = queue.withLock { $0.admit(job, priority) }
        if wakesLane { bell.signal() }
        return admission
    }

    /// Ends the lanes after what they are doing, and refuses what waits.
    func dismiss() {
        let refused = queue.withLock { $0.close() }
        for _ in 1...laneCount { bell.signal() }
        for job in refused { job.refuse() }
    }

    func waitUntilGone(within deadline: Duration) -> Bool {
        let (seconds, attoseconds) = deadline.components
        let limit = DispatchTime.now() + .seconds(Int(seconds)) + .nanoseconds(Int(attoseconds / 1_000_000_000))
        return lanes.wait(timeout: limit) == .success
    }

    /// Touches all blocks, on as many cores as there are, and returns whether their memory exists.
    private static func areResident(_ blocks: [HashingMemory]) -> Bool {
        let isShort = Guarded(false)
        DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
            if !blocks[index].touch() { isShort.withLock { $0 = true } }
        }
        return !isShort.withLock { $0 }
    }

    /// The life of one lane.
    private func serve() {
        while true {
            bell.wait()
            guard var job = queue.withLock({ $0.start() }) else { return }
            while true {
                let tell = job.perform()
                // Before the caller hears of it, so that whoever reacts finds the lane as free as it is.
                let next = queue.withLock { $0.next() }
                tell()
                guard let next else { break }
                job = next
            }
        }
    }
}
