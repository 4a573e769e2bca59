// SPDX-License-Identifier: Apache-2.0

/// The name of a connection on its loop: a slot, and how often the slot was used before.
struct ConnectionToken: Equatable {
    let slot: UInt32
    let generation: UInt32

    /// The name as the poller carries it.
    var bits: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    /// Creates a name.
    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// Creates the name that ``bits`` says.
    init(bits: UInt64) {
        slot = UInt32(truncatingIfNeeded: bits)
        generation = UInt32(bits >> 32)
    }
}

/// The connections of one loop, found by slot in constant time.
///
/// The generation of a slot is raised when its connection goes, so a late event never meets the next one.
struct ConnectionSlab {
    private struct Slot {
        var generation: UInt32 = 0
        var connection: Connection?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private let capacity: Int
    /// The most slots of any slab: more than settings allow connections.
    static let slotLimit = 1 << 20

    /// How many connections there are.
    var count: Int { slots.count - free.count }
    /// Every slot that is or was in use.
    var indices: Range<Int> { slots.indices }

    /// Creates a slab that never holds more than `capacity` connections.
    init(capacity: Int) {
        self.capacity = min(capacity, Self.slotLimit)
    }

    /// Returns the name that the next connection will have, or `nil` if the slab is full.
    mutating func nextToken() -> ConnectionToken? {
        if free.isEmpty {
            guard slots.count < capacity else { return nil }
            free.append(UInt32(slots.count))
            slots.append(Slot())
        }
        return free.last.map { ConnectionToken(slot: $0, generation: slots[Int($0)].generation) }
    }

    /// Puts a connection in, whose name is ``nextToken()``.
    mutating func insert(_ connection: Connection) {
        let slot = free.removeLast()
        precondition(connection.token == ConnectionToken(slot: slot, generation: slots[Int(slot)].generation))
        slots[Int(slot)].connection = connection
    }

    /// Takes a connection out.
    mutating func remove(_ connection: Connection) {
        let slot = connection.token.slot
        guard self[connection.token] != nil else { return }
        slots[Int(slot)].connection = nil
        slots[Int(slot)].generation &+= 1
        free.append(slot)
    }

    /// The connection with this name, unless it has gone.
    subscript(token: ConnectionToken) -> Connection? {
        guard token.slot < slots.count, slots[Int(token.slot)].generation == token.generation else { return nil }
        return slots[Int(token.slot)].connection
    }

    /// The connection in this slot, if there is one.
    subscript(slot: Int) -> Connection? {
        slot < slots.count ? slots[slot].connection : nil
    }
}
