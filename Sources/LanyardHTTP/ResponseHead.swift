// SPDX-License-Identifier: Apache-2.0

/// The status line and the fields of an answer, line by line.
struct ResponseHead {
    /// `nil` until the status line of the final answer has come, and while an interim answer is skipped.
    private(set) var status: StatusLine?
    private(set) var fields: [ClientResponse.Field] = []

    /// Takes one line and returns whether it ended the head of the final answer.
    mutating func take(_ bytes: Span<UInt8>, line: Range<Int>, _ limits: RequestLimits) throws(RequestError) -> Bool {
        guard let status else {
            self.status = try StatusLine(bytes, line: line)
            return false
        }
        guard line.isEmpty else {
            guard let field = FieldLine(bytes, line: line), fields.count < limits.fieldCount else {
                throw .malformed(.field)
            }
            fields.append(
                ClientResponse.Field(name: bytes.lowercasedText(in: field.name), value: bytes.copy(of: field.value)))
            return false
        }
        guard status.code < 200 else { return true }
        // RFC 9110 §15.2: interim answers may come unasked. Behind 101 there is another protocol, which nobody asked for.
        guard status.code != 101 else { throw .malformed(.field) }
        self = ResponseHead()
        return false
    }

    /// How the end of the content is found (RFC 9112 §6.3); `nil` if the connection's end is its end.
    func framing() throws(RequestError) -> BodyFraming? {
        let lengths = fields.filter { $0.name == "content-length" }.map(\.value)
        let codings = fields.filter { $0.name == "transfer-encoding" }.map(\.value)
        guard lengths.count + codings.count <= 1 else { throw .malformed(.bothFramings) }
        guard let status, status.code != 204, status.code != 304 else { return BodyFraming.none }
        if let coding = codings.first {
            guard status.minorVersion > 0 else { throw .malformed(.transferEncoding) }
            try BodyFraming.checkChunked(coding.span, in: coding.indices)
            return .chunked
        }
        guard let value = lengths.first else { return nil }
        guard let length = BodyFraming.length(value.span, in: value.indices) else {
            throw .malformed(.contentLength)
        }
        return .length(length)
    }
}
