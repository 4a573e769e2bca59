// SPDX-License-Identifier: Apache-2.0

/// A JSON object: members in their order, each name once.
package struct JSONObject: Equatable, Sendable {
    /// One name and its value.
    package struct Member: Equatable, Sendable {
        /// The name, unescaped.
        package let name: String
        /// The value.
        package let value: JSONValue

        /// Creates a member.
        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    /// The members in the order in which they were read or set.
    package private(set) var members: [Member]

    /// Creates an object without members.
    package init() {
        members = []
    }

    /// Creates an object from members whose names the reader found to differ.
    init(distinct members: [Member]) {
        self.members = members
    }

    /// Reads one object and nothing after it.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8, without byte order mark.
    ///   - limits: What is refused although it is JSON.
    /// - Throws: ``JSONError``; ``JSONError/Fault/notAnObject`` for any other value.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard case .object(let object) = try JSONValue(parsing: bytes, limits: limits) else {
            throw JSONError(.notAnObject, at: 0)
        }
        self = object
    }

    /// The value of the member with this name, byte by byte; `nil` where there is none.
    ///
    /// Setting it replaces the value in its place, or appends a member, or removes it.
    package subscript(name: String) -> JSONValue? {
        get {
            members.first { $0.name.hasSameBytes(as: name) }?.value
        }
        set {
            let index = members.firstIndex { $0.name.hasSameBytes(as: name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object from a literal; of a name given twice the last value is kept.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        for (name, value) in elements {
            self[name] = value
        }
    }
}
