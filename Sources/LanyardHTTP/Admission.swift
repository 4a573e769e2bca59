// SPDX-License-Identifier: Apache-2.0

/// What a handler takes of a request, by its head.
package enum Admission: Equatable, Sendable {
    /// The request with its content, if that has no more bytes than this; more is refused with 413.
    case content(limitBytes: Int)
    /// The request whatever its method, its `Expect` and the characters of its target are, without its content, which is thrown
    /// away as it comes, of whatever length.
    case anythingWithoutContent
}
