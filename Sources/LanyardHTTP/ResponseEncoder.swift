// SPDX-License-Identifier: Apache-2.0

/// Writes answers as HTTP/1.1, always framed by their length.
package enum ResponseEncoder {
    /// The interim answer to `Expect: 100-continue` (RFC 9110 §15.2.1); never sent to a client of 1.0.
    package static let continueInterim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Appends one answer to `output`.
    ///
    /// The status line says HTTP/1.1 to every client (RFC 9110 §6.2). `Content-Length` is left out for 204 and 304, which have
    /// no content, and is that of `GET` for `HEAD` (RFC 9110 §8.6). A field that the server writes itself, a name that is no token, a value
    /// with CR, LF or NUL, and content with 204 or 304 are mistakes of the program and stop it.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - isHead: Whether the request was `HEAD`, so that the content is left out.
    ///   - minorVersion: That of the request; 1.0 is told that the connection goes on, if it does.
    ///   - id: The id of the request, written as `X-Request-Id`.
    ///   - date: The time, written as `Date`.
    ///   - closing: Whether the connection is closed behind the answer.
    ///   - output: What the answer is appended to.
    package static func encode(
        _ response: Response, isHead: Bool, minorVersion: UInt8, id: RequestID, date: DateLine, closing: Bool,
        into output: inout [UInt8]
    ) {
        precondition((200...599).contains(response.status), "an answer has a final status")
        let hasContent = response.status != 204 && response.status != 304
        precondition(hasContent || response.body.isEmpty, "204 and 304 have no content")

        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(decimal: response.status)
        output.append(.space)  // RFC 9112 §4: stays when the phrase is empty.
        output.append(contentsOf: ReasonPhrase.of(response.status).utf8)
        output.append(contentsOf: "\r\n".utf8)
        output.append(contentsOf: date.bytes)
        output.append(contentsOf: "X-Request-Id: ".utf8)
        id.write(to: &output)
        output.append(contentsOf: "\r\n".utf8)
        if hasContent {
            output.append(contentsOf: "Content-Length: ".utf8)
            output.append(decimal: response.body.count)
            output.append(contentsOf: "\r\n".utf8)
        }
        if closing {
            output.append(contentsOf: "Connection: close\r\n".utf8)
        } else if minorVersion == 0 {
            output.append(contentsOf: "Connection: keep-alive\r\n".utf8)
        }
        for field in response.fields { append(field, to: &output) }
        output.append(contentsOf: "\r\n".utf8)
        if !isHead { output.append(contentsOf: response.body) }
    }

    private static func append(_ field: Response.Field, to output: inout [UInt8]) {
        let name = field.name.utf8
        precondition(
            !name.isEmpty && name.allSatisfy { CharacterClass.token.contains($0) }, "a field name is a token")
        precondition(!isServersOwn(field.name), "the server writes this field itself")
        precondition(
            field.value.utf8.allSatisfy { $0 != .carriageReturn && $0 != .lineFeed && $0 != 0 },
            "a field value has no CR, LF or NUL")
        output.append(contentsOf: name)
        output.append(contentsOf: ": ".utf8)
        output.append(contentsOf: field.value.utf8)
        output.append(contentsOf: "\r\n".utf8)
    }

    private static func isServersOwn(_ name: String) -> Bool {
        let bytes = name.utf8.span
        return ["date", "content-length", "connection", "transfer-encoding", "x-request-id"]
            .contains { bytes.equalsIgnoringCase($0, in: bytes.indices) }
    }
}

extension [UInt8] {
    /// Appends a number that is not negative in decimal, without allocating.
    mutating func append(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
