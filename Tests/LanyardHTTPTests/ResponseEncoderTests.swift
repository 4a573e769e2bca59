// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import Testing

@Suite struct `Response encoder` {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String, response: Response, expected: String
        var form = AnswerForm()
        var testDescription: String { name }
    }

    static let own = """
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        X-Request-Id: 01234567-89ab-4def-8123-456789abcdef\r

        """

    static let cases = [
        Case(
            name: "content", response: Response(status: 200, body: Array("{}".utf8)),
            expected: "HTTP/1.1 200 OK\r\n\(own)Content-Length: 2\r\n\r\n{}"),
        Case(
            name: "no content", response: Response(status: 404),
            expected: "HTTP/1.1 404 Not Found\r\n\(own)Content-Length: 0\r\n\r\n"),
        Case(
            name: "fields in their order",
            response: Response(status: 401, fields: [.init("B", "b: c"), .init("A", "é"), .init("B", "")]),
            expected: "HTTP/1.1 401 Unauthorized\r\n\(own)Content-Length: 0\r\nB: b: c\r\nA: é\r\nB: \r\n\r\n"),
        Case(
            name: "HEAD: the length of GET, no content",
            response: Response(status: 200, body: Array(repeating: 0x61, count: 1_234)),
            expected: "HTTP/1.1 200 OK\r\n\(own)Content-Length: 1234\r\n\r\n", form: AnswerForm(isHead: true)),
        Case(
            name: "204: no length", response: Response(status: 204),
            expected: "HTTP/1.1 204 No Content\r\n\(own)\r\n"),
        Case(
            name: "304: no length", response: Response(status: 304, fields: [.init("ETag", "\"a\"")]),
            expected: "HTTP/1.1 304 Not Modified\r\n\(own)ETag: \"a\"\r\n\r\n"),
        Case(
            name: "closing", response: Response(status: 400),
            expected: "HTTP/1.1 400 Bad Request\r\n\(own)Connection: close\r\nContent-Length: 0\r\n\r\n",
            form: AnswerForm(isLast: true)),
        Case(
            name: "1.0 that goes on", response: Response(status: 200),
            expected: "HTTP/1.1 200 OK\r\n\(own)Connection: keep-alive\r\nContent-Length: 0\r\n\r\n",
            form: AnswerForm(minorVersion: 0)),
        Case(
            name: "1.0 that ends", response: Response(status: 200),
            expected: "HTTP/1.1 200 OK\r\n\(own)Connection: close\r\nContent-Length: 0\r\n\r\n",
            form: AnswerForm(minorVersion: 0, isLast: true)),
        Case(
            name: "no phrase: the space stays", response: Response(status: 299),
            expected: "HTTP/1.1 299 \r\n\(own)Content-Length: 0\r\n\r\n"),
    ]

    @Test(arguments: cases)
    func `writes exactly`(example: Case) {
        #expect(encode(example.response, as: example.form) == example.expected)
    }

    @Test(arguments: cases)
    func `writes a prepared answer byte for byte as one that was not`(example: Case) {
        var output: [UInt8] = []
        ResponseEncoder.encode(
            PreparedAnswer(example.response), as: example.form, id: id,
            date: DateLine(UnixTime(seconds: 784_111_777)), into: &output)
        #expect(String(decoding: output, as: UTF8.self) == example.expected)
    }

    @Test func `appends to what is there`() {
        var output = Array("before".utf8)
        let date = DateLine(UnixTime(seconds: 784_111_777))
        for _ in 0..<2 {
            ResponseEncoder.encode(
                Response(status: 204), as: AnswerForm(), id: id, date: date, into: &output)
        }
        let one = encode(Response(status: 204))
        #expect(String(decoding: output, as: UTF8.self) == "before" + one + one)
    }

    @Test func `has a phrase for every status of an error`() {
        let errors: [RequestError] = [
            .malformed(.field), .targetTooLong(limitBytes: 1), .fieldsTooLarge, .bodyTooLarge(limitBytes: 1),
            .unknownMethod, .unknownTransferCoding, .unsupportedVersion, .expectationFailed, .misdirected, .timedOut,
            .unanswered, .failed, .tooManyConnections,
        ]
        for error in errors {
            let phrase = encode(Response(status: error.status)).dropFirst("HTTP/1.1 400 ".count).prefix {
                $0 != "\r\n"
            }
            #expect(!phrase.isEmpty, "\(error)")
        }
    }

    @Test func `writes the interim answer`() {
        #expect(ResponseEncoder.continueInterim == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }

    @Test func `stops at a line break in a value`() async {
        await #expect(processExitsWith: .failure) {
            _ = encode(Response(status: 200, fields: [.init("A", "b\r\nC: d")]))
        }
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 200, fields: [.init("A", "b\n")])) }
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 200, fields: [.init("A", "b\0")])) }
    }

    @Test func `stops at a name that is none`() async {
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 200, fields: [.init("A:", "b")])) }
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 200, fields: [.init("", "b")])) }
    }

    @Test func `stops at a field that it writes itself`() async {
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 200, fields: [.init("Date", "b")])) }
        await #expect(processExitsWith: .failure) {
            _ = encode(Response(status: 200, fields: [.init("content-length", "1")]))
        }
        await #expect(processExitsWith: .failure) {
            _ = encode(Response(status: 200, fields: [.init("Transfer-Encoding", "chunked")]))
        }
    }

    @Test func `stops at content that has no place`() async {
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 204, body: [0x61])) }
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 304, body: [0x61])) }
        await #expect(processExitsWith: .failure) { _ = encode(Response(status: 100)) }
    }
}

private let id = RequestID(high: 0x0123_4567_89AB_CDEF, low: 0x0123_4567_89AB_CDEF)

private func encode(_ response: Response, as form: AnswerForm = AnswerForm()) -> String {
    var output: [UInt8] = []
    ResponseEncoder.encode(
        response, as: form, id: id, date: DateLine(UnixTime(seconds: 784_111_777)), into: &output)
    return String(decoding: output, as: UTF8.self)
}
