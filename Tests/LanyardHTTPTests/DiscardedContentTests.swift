// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `Content that nobody reads` {
    /// The bytes of a request, and what becomes of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let head: String
        var body = ""
        var refusal: RequestError?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "of GET", head: "GET /a HTTP/1.1\r\nContent-Length: 3", body: "abc"),
        Case(
            name: "of DELETE, in chunks", head: "DELETE / HTTP/1.1\r\nTransfer-Encoding: chunked",
            body: "1\r\na\r\n0\r\n\r\n"),
        Case(
            name: "over every limit", head: "POST / HTTP/1.1\r\nContent-Length: 70000",
            body: String(repeating: "a", count: 70_000)),
        Case(
            name: "over every limit, in chunks", head: "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked",
            body: String(repeating: "4000\r\n" + String(repeating: "b", count: 16_384) + "\r\n", count: 5) + "0\r\n\r\n"
        ),
        Case(name: "and an expectation that is not known", head: "GET / HTTP/1.1\r\nExpect: x"),
        Case(name: "and both", head: "POST / HTTP/1.1\r\nExpect: x\r\nContent-Length: 2", body: "GE"),
        Case(
            name: "must have one end all the same",
            head: "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
            refusal: .malformed(.bothFramings)),
        Case(
            name: "is framed as always", head: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked", body: "x\r\n",
            refusal: .malformed(.chunk)),
    ]

    @Test(arguments: cases, [Int.max, 1, 7])
    func `is thrown away, and the next request begins behind it`(testCase: Case, pieceLength: Int) throws {
        let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        let bytes = Array((testCase.head + "\r\nHost: a\r\n\r\n" + testCase.body + next).utf8)
        var parser = RequestParser()
        var unread: [UInt8] = []
        var paths: [RequestTarget] = []
        var refusal: RequestError?
        var start = 0
        while start < bytes.count, refusal == nil {
            let end = pieceLength < bytes.count - start ? start + pieceLength : bytes.count
            unread += bytes[start..<end]
            start = end
            reading: while refusal == nil {
                let (step, consumed) = parser.advance(
                    over: unread.span,
                    admit: {
                        $0.target == .path("/next", query: nil) ? .content(limitBytes: 0) : .anythingWithoutContent
                    })
                unread.removeFirst(consumed)
                switch step {
                case .needMore: break reading
                case .request(let head, let body):
                    #expect(body.isEmpty)
                    paths.append(head.target)
                case .refused(let error): refusal = error
                case .sendContinue, .prepared: Issue.record("neither is asked for")
                }
            }
        }
        #expect(refusal == testCase.refusal)
        if testCase.refusal == nil {
            #expect(paths.count == 2)
            #expect(paths.last == .path("/next", query: nil))
        }
    }
}
