// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// Properties that hold for every file of `Tests/Vectors/http`.
@Suite struct `Request vectors` {
    @Test func `are found`() {
        #expect(RequestVector.names.count >= 590)
    }

    @Test(arguments: RequestVector.names)
    func `mean what they say`(name: String) throws {
        let vector = try RequestVector(named: name)
        let transcript = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        #expect(transcript.outcomes.map(RequestVector.Verdict.init) == vector.expected)
        if case .accepted(let head, let body) = transcript.outcomes.first { try expect(head, body, in: vector) }
    }

    @Test(arguments: RequestVector.names)
    func `mean the same byte by byte`(name: String) throws {
        let vector = try RequestVector(named: name)
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        let single = try RequestTranscript(of: vector.bytes, cutAt: vector.bytes.indices, limits: vector.limits)
        #expect(single == whole)
        #expect(single.continues.value == (vector.asksToContinue ? 1 : 0))
    }

    @Test(arguments: RequestVector.names)
    func `mean the same in two pieces`(name: String) throws {
        let vector = try RequestVector(named: name)
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        for cut in vector.bytes.cuts {
            let halves = try RequestTranscript(of: vector.bytes, cutAt: [cut], limits: vector.limits)
            #expect(halves == whole, "cut at \(cut)")
        }
    }

    /// A prefix may be refused as early as its own bytes tell, but only for the reason that the whole is refused for.
    @Test(arguments: RequestVector.names)
    func `are not decided before their end`(name: String) throws {
        let vector = try RequestVector(named: name)
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits).outcomes
        for cut in vector.bytes.cuts {
            let prefix = Array(vector.bytes[..<cut])
            var outcomes = try RequestTranscript(of: prefix, cutAt: [], limits: vector.limits).outcomes
            if vector.isAccepted { #expect(outcomes != whole, "prefix of \(cut)") }
            if outcomes.last == .more || outcomes.last == .idle { outcomes.removeLast() }
            #expect(outcomes.elementsEqual(whole.prefix(outcomes.count)), "prefix of \(cut)")
        }
    }

    @Test(arguments: RequestVector.names)
    func `leave what is behind them`(name: String) throws {
        let vector = try RequestVector(named: name)
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        let more = vector.bytes + Array("G@T\0".utf8)
        let longer = try RequestTranscript(of: more, cutAt: [], limits: vector.limits)
        if vector.isAccepted {
            #expect(longer.outcomes == whole.outcomes + [.refused(.malformed(.requestLine))])
            #expect(longer.consumedByRequests == vector.bytes.count)
        } else if vector.isRefused {
            #expect(longer == whole)
        }
    }

    @Test(arguments: RequestVector.names)
    func `lead to nothing behind a refusal`(name: String) throws {
        let vector = try RequestVector(named: name)
        guard vector.isRefused else { return }
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        let more = vector.bytes + Array("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(try RequestTranscript(of: more, cutAt: [vector.bytes.count], limits: vector.limits) == whole)
        #expect(try RequestTranscript(of: more, cutAt: [], limits: vector.limits) == whole)
    }

    /// The same property for bytes that nobody thought of: each vector with a few bytes changed, dropped or doubled.
    @Test(arguments: RequestVector.names)
    func `mean the same in pieces when damaged`(name: String) throws {
        let vector = try RequestVector(named: name)
        guard !vector.bytes.isEmpty, vector.bytes.count < 2_048 else { return }
        var random = NameSeededGenerator(seed: name)
        for _ in 0..<24 {
            let damaged = random.damage(vector.bytes)
            let whole = try RequestTranscript(of: damaged, cutAt: [], limits: vector.limits)
            let single = try RequestTranscript(of: damaged, cutAt: damaged.indices, limits: vector.limits)
            #expect(single == whole, "\(damaged)")
        }
    }

    private func expect(_ head: RequestHead, _ body: [UInt8], in vector: RequestVector) throws {
        if let method = vector.value("method") { #expect(head.method.rawValue == method) }
        if let version = vector.value("version") { #expect("1.\(head.minorVersion)" == version) }
        #expect(head.keepsAlive == vector.keepsAlive)
        #expect(try body == ByteNotation.bytes(of: vector.value("body") ?? ""))
        if let count = vector.value("fields") { #expect(String(head.fields.count) == count) }
        if let target = vector.value("target") {
            let query = try vector.value("query").map { try ByteNotation.bytes(of: $0) }
            let path = String(decoding: try ByteNotation.bytes(of: target), as: UTF8.self)
            switch (target, head.target) {
            case ("unroutable", .unroutable), ("asterisk", .asterisk), ("authority", .authority): break
            default: #expect(head.target == .path(path, query: query))
            }
            #expect(head.authority == vector.value("authority").map { Array($0.utf8) })
        }
        for field in vector.fields {
            let name = field.prefix { $0 != ":" }
            let value = try ByteNotation.bytes(of: field.dropFirst(name.count + 1).drop { $0 == " " })
            #expect(head.values(of: String(name)).contains(value), "\(field)")
        }
    }
}
