// SPDX-License-Identifier: Apache-2.0

/// Writes answers as HTTP/1.1, always framed by their length.
package enum ResponseEncoder {
    /// The interim answer to `Expect: 100-continue` (RFC 9110 §15.2.1); never sent to a client of 1.0.
    package static let continueInterim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Appends one answer to `output`.
    ///
    /// The status line says HTTP/1.1 to every client (RFC 9110 §6.2). `Content-Length` is left out for 204 and 304, which have
    /// no content, and is that of `GET` for `HEAD` (RFC 9110 §8.6). A response with a ``Response/defect`` is a mistake of the program
    /// and stops it; loops look for one first.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - form: What the request asks of its form.
    ///   - id: The id of the request, written as `X-Request-Id`.
    ///   - date: The time, written as `Date`.
    ///   - output: What the answer is appended to.
    package static func encode(
        _ response: Response, as form: AnswerForm, id: RequestID, date: DateLine, into output: inout [UInt8]
    ) {
        precondition(response.defect == nil, "a response that can be written")
        write(response, as: form, id: id, date: date, into: &output)
    }

    /// Appends one answer, which has no ``Response/defect``, to `output`.
    static func write(
        _ response: Response, as form: AnswerForm, id: RequestID, date: DateLine, into output: inout [UInt8]
    ) {
        appendStatusLine(response, to: &output)
        appendOwnLines(form, id, date, to: &output)
        appendFields(of: response, to: &output)
        if !form.isHead { output.append(contentsOf: response.body) }
    }

    /// Appends an answer that was made beforehand to `output`; the bytes are those of ``encode(_:as:id:date:into:)``.
    package static func encode(
        _ answer: PreparedAnswer, as form: AnswerForm, id: RequestID, date: DateLine, into output: inout [UInt8]
    ) {
        output.append(contentsOf: answer.statusLine)
        appendOwnLines(form, id, date, to: &output)
        output.append(contentsOf: answer.fields)
        if !form.isHead { output.append(contentsOf: answer.body) }
    }

    /// Appends the status line (RFC 9112 §4).
    static func appendStatusLine(_ response: Response, to output: inout [UInt8]) {
        output.append(literal: "HTTP/1.1 ")
        output.append(decimal: response.status)
        output.append(.space)  // RFC 9112 §4: stays when the phrase is empty.
        output.append(ReasonPhrase.of(response.status))
        output.append(literal: "\r\n")
    }

    /// Appends the lines that differ from answer to answer of one response.
    private static func appendOwnLines(
        _ form: AnswerForm, _ id: RequestID, _ date: DateLine, to output: inout [UInt8]
    ) {
        output.append(contentsOf: date.bytes)
        output.append(literal: "X-Request-Id: ")
        id.write(to: &output)
        output.append(literal: "\r\n")
        if form.isLast {
            output.append(literal: "Connection: close\r\n")
        } else if form.minorVersion == 0 {
            output.append(literal: "Connection: keep-alive\r\n")
        }
    }

    /// Appends the lines that are the response's alone, and the empty line behind them.
    static func appendFields(of response: Response, to output: inout [UInt8]) {
        if response.hasContent {
            output.append(literal: "Content-Length: ")
            output.append(decimal: response.body.count)
            output.append(literal: "\r\n")
        }
        for field in response.fields {
            output.append(field.name)
            output.append(literal: ": ")
            output.append(field.value)
            output.append(literal: "\r\n")
        }
        output.append(literal: "\r\n")
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
