// SPDX-License-Identifier: Apache-2.0

/// Why a key set was refused as a whole.
@nonexhaustive
public enum KeySetError: Error, Equatable, Sendable {
    /// The document has more than `limitBytes` bytes.
    case tooLarge(limitBytes: Int)

    /// The document is not one JSON object with an array `keys` of objects, each name once in each (RFC 7517 §5).
    case malformed

    /// A key carries a private or symmetric half. Who publishes one has lost it: nothing signed by it proves anything.
    case privateKey(id: String?)

    /// Two keys have the same `kid` (RFC 7517 §4.5).
    case duplicateKey(id: String)

    /// The set could not be fetched, and no copy of it is young enough.
    case unavailable
}
