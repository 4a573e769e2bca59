// SPDX-License-Identifier: Apache-2.0

/// Why compressed bytes are refused.
package enum InflateError: Error, Equatable, Sendable {
    /// The bytes are no stream of this format, or its checksum is of other bytes.
    case malformed
    /// The stream is right as far as it goes, and has no end.
    case truncated
    /// Something follows the stream.
    case trailingBytes
    /// The stream holds more than `limitBytes`.
    case tooLarge(limitBytes: Int)
}
