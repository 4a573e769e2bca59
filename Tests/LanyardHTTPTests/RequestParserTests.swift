// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `Request parser` {
    static let head = Array("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n".utf8)
    static let waiting = Array("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n".utf8)

    /// Feeds `text` as everything that is unread.
    private func advance(_ parser: inout RequestParser, _ text: String) -> (RequestParser.Step, Int) {
        parser.advance(over: Array(text.utf8).span) { _ in .content(limitBytes: 65_536) }
    }

    @Test func `is idle until a byte of a request comes`() {
        var parser = RequestParser()
        #expect(parser.phase == .idle)
        #expect(advance(&parser, "") == (.needMore, 0))
        #expect(advance(&parser, "\r\n") == (.needMore, 2))
        #expect(advance(&parser, "\r") == (.needMore, 0))
        #expect(parser.phase == .idle)
        #expect(advance(&parser, "G") == (.needMore, 0))
        #expect(parser.phase == .head)
    }

    @Test func `goes from head to body to idle`() {
        var parser = RequestParser()
        _ = parser.advance(over: Self.head.span.extracting(first: Self.head.count - 1)) { _ in .content(limitBytes: 4) }
        #expect(parser.phase == .head)
        let (step, consumed) = parser.advance(over: Self.head.span) { _ in .content(limitBytes: 4) }
        #expect(step == .needMore)
        #expect(consumed == Self.head.count)
        #expect(parser.phase == .body)
        #expect(advance(&parser, "ab") == (.needMore, 2))
        guard case (.request(let head, let body), 2) = advance(&parser, "cdGET") else {
            Issue.record("no request")
            return
        }
        #expect(head.target == .path("/login", query: nil))
        #expect(body == Array("abcd".utf8))
        #expect(parser.phase == .idle)
    }

    @Test func `consumes nothing of a head before it is whole`() {
        var parser = RequestParser()
        for count in 1..<Self.head.count {
            let (step, consumed) = parser.advance(over: Self.head.span.extracting(first: count)) { _ in
                .content(limitBytes: 4)
            }
            #expect(step == .needMore)
            #expect(consumed == 0)
        }
    }

    @Test func `consumes the lines of chunks as they come`() {
        var parser = RequestParser()
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(advance(&parser, head) == (.needMore, head.utf8.count))
        for piece in ["5;na", "me\r", "\nhel", "lo", "\r\n", "0\r\nX", "-Y: z\r\n"] {
            #expect(advance(&parser, piece) == (.needMore, piece.utf8.count))
        }
        guard case (.request(_, let body), 2) = advance(&parser, "\r\n") else {
            Issue.record("no request")
            return
        }
        #expect(body == Array("hello".utf8))
    }

    @Test func `asks once whether to admit a request, with its whole head, and only if it has content`() {
        var parser = RequestParser()
        var asked: [RequestTarget] = []
        let bytes = Array("GET /none HTTP/1.1\r\nHost: a\r\n\r\n".utf8) + Self.head + Array("abcd".utf8)
        var start = 0
        for end in 1...bytes.count {
            let step = parser.advance(over: bytes.span.extracting(start..<end)) { head in
                asked.append(head.target)
                return .content(limitBytes: 4)
            }
            start += step.consumed
        }
        #expect(start == bytes.count)
        #expect(asked == [.path("/login", query: nil)])
    }

    @Test func `asks to go on when the client waits for it`() {
        var parser = RequestParser()
        let (step, consumed) = parser.advance(over: Self.waiting.span) { _ in .content(limitBytes: 4) }
        guard case .sendContinue(let head) = step else {
            Issue.record("no leave to send the content")
            return
        }
        #expect(head.method == .post)
        #expect(consumed == Self.waiting.count)
        #expect(parser.phase == .body)
        #expect(advance(&parser, "") == (.needMore, 0))
        #expect(advance(&parser, "abc") == (.needMore, 3))
    }

    @Test func `does not ask to go on when content is here`() {
        var parser = RequestParser()
        let bytes = Self.waiting + [0x61]
        let (step, consumed) = parser.advance(over: bytes.span) { _ in .content(limitBytes: 4) }
        #expect(step == .needMore)
        #expect(consumed == bytes.count)
    }

    @Test(
        arguments: [
            ("", nil),
            ("\r\n", nil),
            ("\r", nil),
            ("G", .malformed(.incomplete)),
            ("GET / HTTP/1.1\r\nHost: a\r\n", .malformed(.incomplete)),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1", .malformed(.incomplete)),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n12", nil),
            ("GET / HTTP/1.1\r\n\r\n", nil),
        ] as [(String, RequestError?)])
    func `judges the end of input`(text: String, error: RequestError?) {
        var parser = RequestParser()
        _ = advance(&parser, text)
        #expect(parser.endOfInput() == error)
    }

    @Test func `can be given other limits`() {
        var limits = RequestLimits()
        limits.requestLineBytes = 14
        limits.fieldLineBytes = 8
        limits.fieldCount = 1
        for (text, error) in [
            ("GET / HTTP/1.1\r\nHost: ab\r\n\r\n", nil),
            ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", .targetTooLong(limitBytes: 14)),
            ("GET / HTTP/1.1\r\nHost: abc\r\n\r\n", .fieldsTooLarge),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\r\n", .fieldsTooLarge),
        ] as [(String, RequestError?)] {
            var parser = RequestParser(limits: limits)
            let (step, _) = advance(&parser, text)
            if case .refused(let refusal) = step { #expect(refusal == error) } else { #expect(error == nil) }
        }
    }

    @Test func `is a value: a copy goes its own way`() {
        var parser = RequestParser()
        _ = parser.advance(over: Self.head.span) { _ in .content(limitBytes: 4) }
        var copy = parser
        #expect(advance(&copy, "ab") == (.needMore, 2))
        guard case (.request(_, let body), 4) = advance(&parser, "wxyz"),
            case (.request(_, let copied), 2) = advance(&copy, "cd")
        else {
            Issue.record("no request")
            return
        }
        #expect(body == Array("wxyz".utf8))
        #expect(copied == Array("abcd".utf8))
    }

    @Test func `names the limit that was passed`() {
        var parser = RequestParser()
        let (step, _) = parser.advance(over: Self.head.span) { _ in .content(limitBytes: 3) }
        #expect(step == .refused(.bodyTooLarge(limitBytes: 3)))
    }
}
