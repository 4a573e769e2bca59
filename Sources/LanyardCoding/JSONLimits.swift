// SPDX-License-Identifier: Apache-2.0

/// How much of a JSON text is read before it is refused; the count of bytes itself is limited by who received them.
package struct JSONLimits: Equatable, Sendable {
    /// Objects and arrays inside one another; 16, for the reader is recursive.
    package var maximumDepth = 16
    /// Members of one object; 64, for their names are compared pair by pair.
    package var maximumMembers = 64
    /// Elements of one array; 1,024.
    package var maximumElements = 1_024
    /// Bytes of one string or name in UTF-8, unescaped; 4,096.
    package var maximumStringBytes = 4_096

    /// Creates the limits of a token, which a caller may change.
    package init() {}
}
