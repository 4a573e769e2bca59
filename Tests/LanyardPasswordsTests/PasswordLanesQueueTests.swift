// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardPasswords
import Synchronization
import Testing

@Suite struct `The queue of the password lanes` {
    struct Shape: CustomTestStringConvertible, Sendable {
        let lanes: Int, queue: Int, strangers: Int
        var testDescription: String { "\(lanes) lanes, queue of \(queue): \(strangers) strangers may wait" }
    }

    static let shapes = [
        Shape(lanes: 1, queue: 0, strangers: 0), Shape(lanes: 1, queue: 1, strangers: 1),
        Shape(lanes: 1, queue: 2, strangers: 1), Shape(lanes: 2, queue: 5, strangers: 3),
        Shape(lanes: 3, queue: 64, strangers: 32),
    ]

    static func lanes(_ lanes: Int, _ queue: Int, _ derivation: CountedDerivation) throws -> PasswordLanes {
        try PasswordLanes(
            .init(laneCount: lanes, queueCapacity: queue), random: countingBytes(), derive: derivation.function)
    }

    @Test(arguments: shapes)
    func `refuses at once what does not fit, and keeps half for known callers`(shape: Shape) throws {
        let derivation = CountedDerivation(isHeld: true)
        let lanes = try Self.lanes(shape.lanes, shape.queue, derivation)
        let answers = PasswordLanes.Verdicts()
        // Strangers take all lanes and their part of the queue, without waiting for a lane to have begun.
        for _ in 0..<shape.lanes + shape.strangers {
            #expect(lanes.ask(.stranger, tell: answers) == .accepted)
        }
        #expect(lanes.ask(.stranger, tell: answers) == .overloaded)
        for _ in 0..<shape.queue - shape.strangers {
            #expect(lanes.ask(.known, tell: answers) == .accepted)
        }
        #expect(lanes.ask(.known, tell: answers) == .overloaded)
        #expect(lanes.ask(.stranger, tell: answers) == .overloaded)
        #expect(
            lanes.load
                == LaneLoad(
                    busyLanes: shape.lanes, waitingKnown: shape.queue - shape.strangers,
                    waitingStrangers: shape.strangers))
        #expect(answers.all.isEmpty)

        let total = shape.lanes + shape.queue
        derivation.letGo(total)
        #expect(answers.wait(for: total))
        #expect(answers.all == Array(repeating: .success(.wrong), count: total))
        #expect(derivation.runs.count == total)
        #expect(derivation.mostAtOnce <= shape.lanes)
        #expect(lanes.load == LaneLoad(busyLanes: 0, waitingKnown: 0, waitingStrangers: 0))
    }

    @Test(arguments: shapes)
    func `gives known callers all of it`(shape: Shape) throws {
        let derivation = CountedDerivation(isHeld: true)
        let lanes = try Self.lanes(shape.lanes, shape.queue, derivation)
        let answers = PasswordLanes.Verdicts()
        for _ in 0..<shape.lanes + shape.queue {
            #expect(lanes.ask(.known, tell: answers) == .accepted)
        }
        #expect(lanes.ask(.known, tell: answers) == .overloaded)
        #expect(lanes.ask(.stranger, tell: answers) == .overloaded)
        derivation.letGo(shape.lanes + shape.queue)
        #expect(answers.wait(for: shape.lanes + shape.queue))
    }

    @Test func `uses all lanes at the same time and no more`() throws {
        let derivation = CountedDerivation(isHeld: true)
        let lanes = try Self.lanes(3, 6, derivation)
        let answers = PasswordLanes.Verdicts()
        for _ in 0..<9 { #expect(lanes.ask(.known, tell: answers) == .accepted) }
        #expect(derivation.waitUntilBegun(3))
        #expect(derivation.runs.count == 3)
        derivation.letGo(9)
        #expect(answers.wait(for: 9))
        #expect(derivation.mostAtOnce == 3)
    }

    @Test func `starts as many lanes as can be set`() throws {
        let derivation = CountedDerivation(isHeld: true)
        let most = PasswordLanes.Settings.laneCounts.upperBound
        let lanes = try Self.lanes(most, 0, derivation)
        let answers = PasswordLanes.Verdicts()
        for _ in 0..<most { #expect(lanes.ask(.stranger, tell: answers) == .accepted) }
        #expect(derivation.waitUntilBegun(most))
        derivation.letGo(most)
        #expect(answers.wait(for: most))
        #expect(derivation.mostAtOnce == most)
    }

    @Test func `lets known callers and strangers take turns, each in the order they came`() throws {
        let derivation = CountedDerivation(isHeld: true)
        let lanes = try Self.lanes(1, 10, derivation)
        let answers = PasswordLanes.Verdicts()
        #expect(lanes.ask(.stranger, "first", tell: answers) == .accepted)
        for number in 1...4 { #expect(lanes.ask(.stranger, "s\(number)", tell: answers) == .accepted) }
        for number in 1...3 { #expect(lanes.ask(.known, "k\(number)", tell: answers) == .accepted) }
        derivation.letGo(8)
        #expect(answers.wait(for: 8))
        let order = derivation.runs.map { String(decoding: $0.password, as: UTF8.self) }
        #expect(order == ["first", "k1", "s1", "k2", "s2", "k3", "s3", "s4"])
    }

    @Test func `has a free lane for a caller that has just been answered`() async throws {
        let lanes = try Self.lanes(1, 0, CountedDerivation())
        for _ in 0..<100 {
            #expect(try await lanes.verify(PasswordCheck(Password("x"), decoy: .decoy), for: .stranger) == .wrong)
        }
    }

    @Test func `answers what it accepts exactly once, however many ask while it closes`() throws {
        let derivation = CountedDerivation()
        let lanes = try Self.lanes(3, 16, derivation)
        let tallies = Guarded<[Tally]>([]), refused = Tally(), done = Answers<Void>()
        let askers = DispatchGroup()
        for asker in 0..<8 {
            DispatchQueue(label: "asker \(asker)").async(group: askers) {
                while true {
                    let tally = Tally()
                    let check = PasswordCheck(Password("x"), decoy: .decoy)
                    let admission = lanes.admission {
                        try await lanes.verify(check, for: asker.isMultiple(of: 2) ? .known : .stranger)
                    } tell: { _ in
                        tally.add()
                        done.add(())
                    }
                    switch admission {
                    case .accepted: tallies.withLock { $0.append(tally) }
                    case .overloaded: refused.add()
                    case .closed: return
                    }
                }
            }
        }
        #expect(derivation.waitUntilBegun(500))
        #expect(lanes.close(within: .seconds(20)))
        #expect(askers.wait(timeout: .now() + 20) == .success)
        let accepted = tallies.withLock { $0 }
        #expect(accepted.count >= 500 && refused.count > 0)
        #expect(done.wait(for: accepted.count))
        #expect(accepted.allSatisfy { $0.count == 1 })
        #expect(derivation.mostAtOnce <= 3)
    }
}

/// A count that many threads add to.
private final class Tally: Sendable {
    private let value = Atomic<Int>(0)
    var count: Int { value.load(ordering: .sequentiallyConsistent) }
    func add() { value.wrappingAdd(1, ordering: .sequentiallyConsistent) }
}
