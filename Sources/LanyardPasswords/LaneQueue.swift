// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Who hashes next and who is turned away: the rule of ``PasswordLanes``, without threads.
///
/// A job that finds a free lane is given that lane at once and never waits, so the queue's capacity counts only those
/// for whom no lane is free.
struct LaneQueue<Job> {
    private let capacity: Int
    private let strangerCapacity: Int
    private var freeLanes: Int
    private let laneCount: Int
    /// Jobs that have a lane which has not picked them up yet.
    private var starting = Queue<Job>()
    private var waitingKnown = Queue<Job>()
    private var waitingStrangers = Queue<Job>()
    private var lastTurnWasKnown = false
    private(set) var isClosed = false

    init(laneCount: Int, capacity: Int) {
        self.laneCount = laneCount
        self.capacity = capacity
        // Half is kept for known callers (contract: abuse protection); of an odd number strangers get the larger half.
        strangerCapacity = capacity - capacity / 2
        freeLanes = laneCount
    }

    var load: LaneLoad {
        LaneLoad(
            busyLanes: laneCount - freeLanes, waitingKnown: waitingKnown.count, waitingStrangers: waitingStrangers.count
        )
    }

    /// Whether a lane must be woken is told by `wakesLane`.
    mutating func admit(_ job: Job, _ priority: LanePriority) -> (admission: LaneAdmission, wakesLane: Bool) {
        guard !isClosed else { return (.closed, false) }
        if freeLanes > 0 {
            freeLanes -= 1
            starting.append(job)
            return (.accepted, true)
        }
        guard waitingKnown.count + waitingStrangers.count < capacity else { return (.overloaded, false) }
        switch priority {
        case .known:
            waitingKnown.append(job)
        case .stranger:
            guard waitingStrangers.count < strangerCapacity else { return (.overloaded, false) }
            waitingStrangers.append(job)
        }
        return (.accepted, false)
    }

    /// The job of a lane that was woken; `nil` when it was woken to end.
    mutating func start() -> Job? {
        starting.popFirst()
    }

    /// The next job of a lane that has done one; `nil` frees the lane.
    ///
    /// Known callers and strangers take turns, so neither crowd can starve the other.
    mutating func next() -> Job? {
        let job =
            lastTurnWasKnown
            ? waitingStrangers.popFirst() ?? waitingKnown.popFirst()
            : waitingKnown.popFirst() ?? waitingStrangers.popFirst()
        lastTurnWasKnown.toggle()
        if job == nil { freeLanes += 1 }
        return job
    }

    /// Admits nothing from now on and returns the jobs that no lane has begun.
    mutating func close() -> [Job] {
        isClosed = true
        var refused: [Job] = []
        while let job = starting.popFirst() {
            freeLanes += 1
            refused.append(job)
        }
        while let job = waitingKnown.popFirst() ?? waitingStrangers.popFirst() {
            refused.append(job)
        }
        return refused
    }
}
