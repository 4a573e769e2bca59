// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport

/// What one input does with one connection, and what must be true meanwhile and at the end.
///
/// The first byte chooses the version of TLS. Each further byte is a step, by its letter (``step(_:)``) or, of other bytes, by
/// its remainder; a step may take the next byte as its argument.
struct ConnectionScript {
    private let server: FuzzedServer
    private let client: FuzzedClient
    private var input: ArraySlice<UInt8>

    /// Requests that were not sealed in a record yet.
    private var plaintext: [UInt8] = []
    /// What was not sent yet.
    private var wire: [UInt8] = []
    /// Where in ``wire`` a request or a broken record ends.
    private var marks: [(end: Int, what: Mark)] = []
    /// Where the last sealed record begins in ``wire``, if it is still there.
    private var lastRecord: Int?
    /// Requests that no record completes yet, and where each ends in ``plaintext``.
    private var unsealed: [(number: Int, end: Int)] = []
    private var requestCount = 0

    /// Requests that must never start: a record that broke the session was sent with them, or before them.
    private var forbidden: Set<Int> = []
    private var isBroken = false
    /// Whether bytes were sent of which nobody can say what TLS makes of them.
    private var isUnsure = false
    /// Whether a ticket was completed twice, for which the connection is closed.
    private var isCompletedTwice = false

    private enum Mark {
        case request(Int)
        case broken
    }

    /// Connects.
    init(_ input: [UInt8], on server: FuzzedServer) throws {
        self.server = server
        self.input = input.prefix(400)
        let version = self.input.popFirst() ?? 0
        server.record.withLock { $0 = FuzzedServer.Record() }
        client = try server.connect(isModern: version & 1 == 0)
    }

    /// Runs every step, then lets everything come to its end.
    mutating func run() throws {
        while let byte = input.popFirst() { try step(byte) }
        try finish()
    }

    private static let letters = Array("nlgcssbfrwwpxxyzqkeudo".utf8)

    private mutating func step(_ byte: UInt8) throws {
        let letter = Self.letters.contains(byte) ? byte : Self.letters[Int(byte) % Self.letters.count]
        switch UnicodeScalar(letter) {
        case "n": add(.now)
        case "l": add(.later)
        case "g": add(.large)
        case "c": add(.content)
        case "s": seal(plaintext.count)
        case "o": seal(Int(argument()))
        case "b": breakOff()
        case "f": flip()
        case "r": addRaw()
        case "w": send(wire.count)
        case "p": send(Int(argument()))
        case "x": complete(at: 0)
        case "y": complete(at: Int(argument()))
        case "z": completeAgain()
        case "q": try server.catchUp()
        case "k": addOutput { $0.updateKeys() }
        case "e": say { $0.close() }
        case "u": try client.receiveWhatIsThere()
        case "d": client.endSending()
        default: break
        }
        try check()
    }

    private mutating func argument() -> UInt8 { input.popFirst() ?? 0 }

    private mutating func add(_ request: Request) {
        guard plaintext.count + wire.count < 20_000 else { return }
        // The sentinel has number 0.
        requestCount += 1
        plaintext += request.bytes(number: requestCount)
        unsealed.append((requestCount, plaintext.count))
    }

    /// Seals the first `count` bytes of the requests in records of their own.
    private mutating func seal(_ count: Int) {
        var left = count
        while left > 0, !plaintext.isEmpty {
            let piece = Array(plaintext.prefix(min(left, Self.recordBytes)))
            guard client.peer.write(piece) else { return }
            left -= piece.count
            plaintext.removeFirst(piece.count)
            lastRecord = wire.count
            wire += client.peer.output()
            // A request may start as soon as the record is there that holds its end, whatever is sealed later.
            marks += unsealed.filter { $0.end <= piece.count }.map { (wire.count, .request($0.number)) }
            unsealed = unsealed.filter { $0.end > piece.count }.map { ($0.number, $0.end - piece.count) }
        }
    }

    /// What fits into one record (RFC 8446 §5.1).
    private static let recordBytes = 16_384

    /// Adds a record that fails authentication.
    private mutating func breakOff() {
        wire += [23, 3, 3, 0, 32] + [UInt8](repeating: argument(), count: 32)
        if !isUnsure { marks.append((wire.count, .broken)) }
    }

    /// Changes one bit behind the header of the last record.
    private mutating func flip() {
        guard let start = lastRecord, start + 5 < wire.count else { return }
        let end = start + 5 + Int(wire[start + 3]) << 8 + Int(wire[start + 4])
        let place = Int(argument())
        guard end <= wire.count, start + 5 < end else { return }
        wire[start + 5 + place / 8 % (end - start - 5)] ^= 1 << UInt8(place % 8)
        lastRecord = nil
        if !isUnsure { marks.append((end, .broken)) }
    }

    private mutating func addRaw() {
        isUnsure = true
        wire.append(argument())
    }

    /// Adds what the client's TLS says of its own accord.
    private mutating func addOutput(_ act: (TLSTestPeer) -> Void) {
        act(client.peer)
        lastRecord = nil
        wire += client.peer.output()
    }

    /// Says goodbye; what breaks behind it is no part of the session.
    private mutating func say(_ act: (TLSTestPeer) -> Void) {
        addOutput(act)
        isUnsure = true
    }

    /// Sends the first `count` bytes in one segment.
    private mutating func send(_ count: Int) {
        let count = min(count, wire.count)
        guard count > 0 else { return }
        let sent = marks.filter { $0.end <= count }.map(\.what)
        if sent.contains(where: { if case .broken = $0 { true } else { false } }) { isBroken = true }
        if isBroken {
            for case .request(let number) in sent { forbidden.insert(number) }
        }
        client.send(Array(wire[..<count]))
        wire.removeFirst(count)
        marks = marks.compactMap { $0.end <= count ? nil : ($0.end - count, $0.what) }
        lastRecord = lastRecord.flatMap { $0 < count ? nil : $0 - count }
    }

    private func complete(at index: Int) {
        let next = server.record.withLock { record -> (number: Int, ticket: ExchangeTicket)? in
            guard !record.tickets.isEmpty else { return nil }
            let pending = record.tickets.remove(at: index % record.tickets.count)
            record.completed.append(pending)
            return pending
        }
        guard let (number, ticket) = next else { return }
        if number % 2 == 0 {
            ticket.complete(with: .work { Response(number: number) })
        } else {
            ticket.complete(with: .response(Response(number: number)))
        }
    }

    private mutating func completeAgain() {
        guard let (number, ticket) = server.record.withLock({ $0.completed.last }) else { return }
        isCompletedTwice = true
        ticket.complete(with: .response(Response(number: number)))
    }

    /// Lets everything come to its end: whatever is pending is completed, and the client closes.
    private mutating func finish() throws {
        seal(plaintext.count)
        send(wire.count)
        repeat {
            try server.catchUp()
            try client.receiveWhatIsThere()
            while server.record.withLock({ !$0.tickets.isEmpty }) { complete(at: 0) }
            try server.catchUp()
        } while server.record.withLock { !$0.tickets.isEmpty }
        try client.receiveWhatIsThere()
        try check()
        client.close()
        var rounds = 0
        while server.connectionCount > 1, rounds < 20_000 {
            rounds += 1
            while server.record.withLock({ !$0.tickets.isEmpty }) { complete(at: 0) }
            try server.catchUp()
        }
        if server.connectionCount > 1 { throw Trouble("is not closed by the server") }
        try check()
    }

    private func check() throws {
        let record = server.record.withLock { $0 }
        if let number = record.started.first(where: forbidden.contains) {
            throw Trouble("started request \(number), which came with a record that broke the session")
        }
        if !record.faults.isEmpty, !isCompletedTwice { throw Trouble("met \(record.faults)") }
        if record.started != Array(1..<(record.started.count + 1)) { throw Trouble("started \(record.started)") }
        for (index, answer) in client.answers.enumerated() where answer.number != index + 1 {
            // A refusal is the last: of a request that was cut.
            guard answer.number == nil, answer.status == 400, index == client.answers.count - 1 else {
                throw Trouble("has the answers \(client.answers)")
            }
        }
    }
}
