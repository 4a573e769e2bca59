// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object, or of a form, as an endpoint takes or gives them.
package struct ObjectShape: Sendable {
    /// The members, in the order in which they are described.
    package let members: [Member]

    /// Creates the shape of an object with these members.
    package init(_ members: Member...) {
        self.members = members
    }

    init(members: [Member]) {
        self.members = members
    }

    /// One member.
    package struct Member: Sendable {
        package let name: String
        package let value: Value
        /// Whether the member may be missing.
        package private(set) var isOptional = false
        /// Whether the value may be null.
        package private(set) var isNullable = false

        /// Creates a member that must be there.
        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }

        /// The same, which may be missing.
        package var optional: Self {
            var member = self
            member.isOptional = true
            return member
        }

        /// The same, whose value may be null.
        package var nullable: Self {
            var member = self
            member.isNullable = true
            return member
        }
    }

    /// What a member's value is.
    package indirect enum Value: Sendable {
        case string
        /// A string that nobody but the server may learn.
        case secret
        /// A string with a time in the form of RFC 3339.
        case time
        case integer
        case boolean
        case strings
        /// One string, or several.
        case stringOrStrings
        case object(ObjectShape)
        case objects(ObjectShape)
        /// An object whose members somebody else decides on.
        case anyObject
        /// Objects whose members a standard decides on.
        case anyObjects
    }

    /// Returns whether there is a member with this name.
    func has(_ name: String) -> Bool { members.contains { $0.name == name } }
}
