// SPDX-License-Identifier: Apache-2.0

/// A JSON object: members in their order, each name once.
package struct JSONObject: Equatable, Sendable {
    /// One name and its value.
    package struct Member: Equatable, Sendable {
        /// The name, unescaped.
        package var name: String { key.text }
        /// The value.
        package let value: JSONValue

        let key: JSONName

        init(key: JSONName, value: JSONValue) {
            self.key = key
            self.value = value
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
            let key = JSONName(name)
            for member in members where member.key == key { return member.value }
            return nil
        }
        set {
            let key = JSONName(name)
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(key: key, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
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
