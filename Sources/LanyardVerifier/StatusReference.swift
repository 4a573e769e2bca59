// SPDX-License-Identifier: Apache-2.0

/// Where the status of a token can be looked up (Token Status List §6.2).
public struct StatusReference: Hashable, Sendable {
    /// The index in the list, 0 or above.
    public let index: Int64

    /// The address of the list, as the token has it.
    public let uri: String

    init(index: Int64, uri: String) {
        self.index = index
        self.uri = uri
    }

    /// Returns whether the list is where the issuer has its lists: `<issuer>/status/<number>`, byte by byte.
    ///
    /// No other address is asked, whoever has signed the token: what a token says must not choose where this service
    /// connects to (server-side request forgery). A number has 1 to 19 digits, and begins with 0 only if it is 0.
    ///
    /// - Parameter issuer: The issuer's name, exactly as it stands in `iss`.
    /// - Returns: Whether it may be asked for the status of its tokens.
    public func isBelow(issuer: String) -> Bool {
        let folder = Array("\(issuer)/status/".utf8)
        guard uri.utf8.starts(with: folder) else { return false }
        let number = uri.utf8.dropFirst(folder.count)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return (1...19).contains(number.count) && number.allSatisfy(digits.contains)
            && (number.first != digits.lowerBound || number.count == 1)
    }
}
