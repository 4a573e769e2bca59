// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// Every file of `Tests/Vectors/answers`, whose README tells the form.
@Suite struct `Response vectors` {
    static let names = VectorFile.names(in: "answers")

    @Test func `are found`() {
        #expect(Self.names.count >= 40)
    }

    @Test(arguments: names)
    func `mean what they say`(name: String) throws {
        let vector = try file(name)
        let transcript = ResponseTranscript(of: vector.bytes, cutAt: [], limitBytes: vector.limitBytes)
        switch transcript {
        case .failed(let error): #expect("\(error)".prefix { $0 != "(" } == vector.expect)
        case .answer(let answer):
            #expect(String(answer.status) == vector.expect)
            #expect(try answer.body == ByteNotation.bytes(of: vector.value("body") ?? ""))
        }
    }

    @Test(arguments: names)
    func `mean the same in pieces`(name: String) throws {
        let vector = try file(name)
        let whole = ResponseTranscript(of: vector.bytes, cutAt: [], limitBytes: vector.limitBytes)
        #expect(
            ResponseTranscript(of: vector.bytes, cutAt: vector.bytes.indices, limitBytes: vector.limitBytes) == whole)
        for cut in vector.bytes.cuts {
            let halves = ResponseTranscript(of: vector.bytes, cutAt: [cut], limitBytes: vector.limitBytes)
            #expect(halves == whole, "cut at \(cut)")
        }
    }

    private func file(_ name: String) throws -> VectorFile {
        try VectorFile(name, in: "answers", known: ["body"])
    }
}
