// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// The conditions of a request for a document (RFC 9110 §13.1).
///
/// Only what has validators asks for them, which is the public documents: a method that neither selects nor changes a
/// representation, as every `POST` here, is answered as if it had no conditions (RFC 9110 §13.2.1). No document has a
/// `Last-Modified`, so `If-Modified-Since` and `If-Unmodified-Since` must be ignored (§13.1.3, §13.1.4), and with ranges
/// goes `If-Range`.
struct Preconditions {
    /// What the conditions say about a representation.
    package enum Verdict: Equatable {
        /// The request is answered as if it had no conditions.
        case hold
        /// The client has the representation already: 304.
        case notModified
        /// The client wants another representation or nothing: 412.
        case fail
    }

    private let ifMatch: EntityTags?
    private let ifNoneMatch: EntityTags?

    package init(_ head: RequestHead) {
        ifMatch = EntityTags(head, "if-match")
        ifNoneMatch = EntityTags(head, "if-none-match")
    }

    /// Judges a `GET` or `HEAD` of a representation, in the order of RFC 9110 §13.2.2.
    ///
    /// - Parameter entityTag: The tag of the selected representation (§13.1.1, §13.1.2): another coding of the same document has
    ///   another tag, which does not match.
    /// - Returns: What to answer.
    package func judge(_ entityTag: String) -> Verdict {
        if let ifMatch, !ifMatch.matchStrongly(entityTag) { return .fail }
        if let ifNoneMatch, ifNoneMatch.matchWeakly(entityTag) { return .notModified }
        return .hold
    }
}
