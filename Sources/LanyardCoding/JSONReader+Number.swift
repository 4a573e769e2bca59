// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Returns the number that begins at the next byte, a digit or a minus (RFC 8259 §6).
    mutating func readNumber() throws(JSONError) -> JSONNumber {
        let start = offset
        let isNegative = bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }

        var integer: Int64? = 0
        let firstDigit = offset
        while let digit = nextDigit() {
            integer = integer.flatMap { $0.appending(digit: digit, isNegative: isNegative) }
            offset += 1
        }
        guard offset > firstDigit else { throw numberEnded() }
        guard bytes[firstDigit] != UInt8(ascii: "0") || offset == firstDigit + 1 else {
            throw JSONError(.invalidNumber, at: firstDigit)
        }

        let isWhole = try !readFraction()
        let isPlain = try !readExponent()
        guard offset - start <= JSONNumber.maximumBytes else { throw JSONError(.numberOutOfRange, at: start) }
        if isWhole, isPlain, let integer, !(isNegative && integer == 0) { return JSONNumber(integer) }
        guard let number = JSONNumber(literal: text(start, upTo: offset)) else {
            throw JSONError(.numberOutOfRange, at: start)
        }
        return number
    }

    private mutating func readFraction() throws(JSONError) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ".") else { return false }
        offset += 1
        try readDigits()
        return true
    }

    private mutating func readExponent() throws(JSONError) -> Bool {
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") else { return false }
        offset += 1
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
            offset += 1
        }
        try readDigits()
        return true
    }

    private mutating func readDigits() throws(JSONError) {
        let start = offset
        while nextDigit() != nil { offset += 1 }
        guard offset > start else { throw numberEnded() }
    }

    /// The value of the next byte if it is a digit.
    private func nextDigit() -> Int64? {
        guard offset < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[offset] else { return nil }
        return Int64(bytes[offset] - UInt8(ascii: "0"))
    }

    private func numberEnded() -> JSONError {
        JSONError(offset < bytes.count ? .invalidNumber : .unexpectedEnd, at: offset)
    }
}

extension Int64 {
    /// Returns the number with one more decimal digit at its end; `nil` beyond `Int64`.
    fileprivate func appending(digit: Int64, isNegative: Bool) -> Int64? {
        let (tens, productOverflow) = multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = tens.addingReportingOverflow(isNegative ? -digit : digit)
        return productOverflow || sumOverflow ? nil : sum
    }
}
