// SPDX-License-Identifier: Apache-2.0

/// How much of a connection one request may take before it is refused.
///
/// Lengths of lines do not count their CRLF.
package struct RequestLimits: Equatable, Sendable {
    /// The longest request line, in bytes, of which RFC 9112 §3 asks for at least 8,000; more is 414.
    package var requestLineBytes = 8_192
    /// The longest field line, in bytes, in which a token of 8 KiB must fit; more is 431.
    package var fieldLineBytes = 16_384
    /// All field lines together with their line ends, in bytes; more is 431.
    package var fieldsBytes = 32_768
    /// The number of field lines; more is 431.
    package var fieldCount = 100
    /// Empty lines before a request line that are skipped (RFC 9112 §2.2); one more is 400.
    package var emptyLines = 2
    /// All chunk extensions of one request, in bytes; more is 400.
    package var chunkExtensionBytes = 1_024
    /// The trailer section of one request with its line ends, in bytes; more is 431.
    package var trailerBytes = 4_096

    /// Creates the limits that the server promises.
    package init() {}
}
