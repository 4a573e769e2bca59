// SPDX-License-Identifier: Apache-2.0

/// Reads the answer to one `GET` as its bytes come (RFC 9112 §4 to §7), as strictly as requests are read.
package struct ResponseParser {
    private enum Place {
        case head
        case length(remaining: Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private let limitBytes: Int
    private let limits = RequestLimits()
    private var place = Place.head
    /// All bytes of the head so far, those of interim answers included.
    private var section: [UInt8] = []
    private var lines = LineScanner()
    private var head = ResponseHead()
    private var body: [UInt8] = []

    /// Creates a parser that takes at most `limitBytes` of content.
    package init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Takes the next bytes and returns the answer once it is whole; what follows it is not looked at.
    package mutating func take(_ piece: [UInt8]) throws(ClientError) -> ClientResponse? {
        do throws(RequestError) {
            var index = 0
            if case .head = place { try readHead(piece.span, &index) }
            return try readContent(piece.span, &index) ? response : nil
        } catch {
            if case .bodyTooLarge = error { throw .answerTooLarge(limitBytes: limitBytes) }
            throw .malformedAnswer
        }
    }

    /// Returns the answer when the server has sent its last byte, if only that could end it.
    package func finish() throws(ClientError) -> ClientResponse {
        guard case .untilClose = place else { throw .disconnected }
        return response
    }

    private var response: ClientResponse {
        ClientResponse(status: head.status?.code ?? 0, fields: head.fields, body: body)
    }

    private mutating func readHead(_ piece: Span<UInt8>, _ index: inout Int) throws(RequestError) {
        var (lines, head) = (self.lines, self.head)  // Apart from `self`, which a span of the section borrows whole.
        defer { (self.lines, self.head) = (lines, head) }
        let rule = LineScanner.Rule(limitBytes: limits.fieldLineBytes, tooLong: .fieldsTooLarge, forbidden: .field)
        while index < piece.count {
            section.append(piece[index])
            index += 1
            guard section.count <= limits.fieldsBytes else { throw .fieldsTooLarge }
            guard let line = try lines.nextLine(in: section.span, rule) else { continue }
            guard try head.take(section.span, line: line, limits) else { continue }
            place = try place(behind: head)
            return
        }
    }

    private func place(behind head: ResponseHead) throws(RequestError) -> Place {
        switch try head.framing() {
        case .chunked: return .chunked(ChunkedDecoder())
        case .some(.none): return .length(remaining: 0)
        case .length(let length):
            guard length <= limitBytes else { throw .bodyTooLarge(limitBytes: limitBytes) }
            return .length(remaining: length)
        case nil: return .untilClose
        }
    }

    /// Reads content and returns whether it is whole.
    private mutating func readContent(_ piece: Span<UInt8>, _ index: inout Int) throws(RequestError) -> Bool {
        switch place {
        case .head:
            return false
        case .length(let remaining):
            let count = min(remaining, piece.count - index)
            body.append(piece, in: index..<index + count)
            place = .length(remaining: remaining - count)
            return count == remaining
        case .chunked(var decoder):
            let isWhole = try decoder.take(piece, from: &index, into: &body, limitBytes: limitBytes, limits)
            place = .chunked(decoder)
            return isWhole
        case .untilClose:
            guard piece.count - index <= limitBytes - body.count else { throw .bodyTooLarge(limitBytes: limitBytes) }
            body.append(piece, in: index..<piece.count)
            return false
        }
    }
}
