// SPDX-License-Identifier: Apache-2.0

/// What the request and the connection say about the form of an answer.
package struct AnswerForm: Equatable, Sendable {
    /// Whether the request was `HEAD`, so that the content is left out (RFC 9110 §9.3.2).
    package var isHead: Bool
    /// The minor version of the request; 1.0 is told that the connection goes on, if it does (RFC 9112 §9.3).
    package var minorVersion: UInt8
    /// Whether the connection is closed behind the answer.
    package var isLast: Bool

    /// Creates a form.
    package init(isHead: Bool = false, minorVersion: UInt8 = 1, isLast: Bool = false) {
        self.isHead = isHead
        self.minorVersion = minorVersion
        self.isLast = isLast
    }

    /// The form that the request with this head asks for.
    init(_ layout: HeadLayout) {
        self.init(
            isHead: layout.method == .head, minorVersion: layout.line.minorVersion,
            isLast: !layout.options.keepsAlive(minorVersion: layout.line.minorVersion))
    }
}
