// SPDX-License-Identifier: Apache-2.0

extension Response {
    /// Why a response cannot be written.
    package enum Defect: Equatable, Sendable {
        /// The status is none of a final response (RFC 9110 §15).
        case status(Int)
        /// Content with 204 or 304, which have none.
        case content(status: Int)
        /// A field name that is no token (RFC 9110 §5.1).
        case fieldName(String)
        /// A field that the server writes itself.
        case serversOwnField(String)
        /// A field whose value holds CR, LF or NUL (RFC 9110 §5.5); the value may be a secret.
        case fieldValue(name: String)
    }

    /// The first thing that keeps the response from being written, or `nil`.
    package var defect: Defect? {
        guard (200...599).contains(status) else { return .status(status) }
        guard body.isEmpty || hasContent else { return .content(status: status) }
        for field in fields {
            if let defect = field.defect { return defect }
        }
        return nil
    }

    /// Whether the response may have content (RFC 9110 §6.4.1).
    var hasContent: Bool { status != 204 && status != 304 }
}

extension Response.Field {
    fileprivate var defect: Response.Defect? {
        let name = name.utf8.span
        guard !name.isEmpty, name.indices.allSatisfy({ CharacterClass.token.contains(name[$0]) }) else {
            return .fieldName(self.name)
        }
        guard !Self.isServersOwn(name) else { return .serversOwnField(self.name) }
        let value = value.utf8.span
        let isOneLine = value.indices.allSatisfy {
            value[$0] != .carriageReturn && value[$0] != .lineFeed && value[$0] != 0
        }
        return isOneLine ? nil : .fieldValue(name: self.name)
    }

    private static func isServersOwn(_ name: Span<UInt8>) -> Bool {
        let own: StaticString =
            switch name.count {
            case 4: "date"
            case 10: "connection"
            case 12: "x-request-id"
            case 14: "content-length"
            case 17: "transfer-encoding"
            default: ""
            }
        return name.equalsIgnoringCase(own, in: name.indices)
    }
}
