// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardCore
internal import LanyardCrypto

/// The settings of the keys: `keys.*`.
package struct KeySettings: Sendable {
    /// The 32 bytes of the master key, if a setting gives them.
    package let master: Secret<[UInt8]>?
    /// The 32 bytes of the master key before.
    package let masterBefore: Secret<[UInt8]>?
    /// How signing keys live.
    ///
    /// How long what they sign lives follows from other groups; ``Settings`` adds it.
    package internal(set) var policy: KeyPolicy

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        master = try reader.readIfSet(.master, as: .masterKey)
        masterBefore = try reader.readIfSet(.masterBefore, as: .masterKey)
        policy = KeyPolicy(
            algorithm: try reader.read(.algorithm, as: .word),
            rsaBits: try reader.read(.rsaBits, as: .oneOf(2_048, 3_072, 4_096)),
            rotationInterval: try reader.read(.rotationInterval, as: .durationOrZero("20m", "3650d")),
            // The shortest lead is the key set's max-age, 5 min, and as much again: every cache has then read the key.
            publishLead: try reader.read(.publishLead, as: .duration("10m", "365d")),
            accessLifetime: .zero, statusTokenLifetime: .zero, sessionLifetime: .zero)
    }
}

extension SettingKind<Secret<[UInt8]>> {
    /// The 32 bytes of a master key in base64url; padding, as tools write it, may stand behind.
    package static let masterKey = Self("32 bytes in base64url, which are 43 characters of A-Z a-z 0-9 - _") { text in
        let digits = text.utf8.last == UInt8(ascii: "=") ? String(text.dropLast()) : text
        guard let bytes = try? Base64URL.decode(digits), bytes.count == 32 else { return nil }
        return Secret(bytes)
    }
}

extension Setting {
    fileprivate static let master = Self(
        "keys.master", [.secret, .mayBeFile],
        help: """
            32 bytes in base64url that seal everything secret in the store. When not set, they are kept in data/master.key, \
            which is made together with the store. LANYARD_KEYS_MASTER_FILE names a file that holds them.
            """)
    fileprivate static let masterBefore = Self(
        "keys.master_old", [.secret, .mayBeFile],
        help: """
            The master key before, while it is being replaced: what it sealed is sealed anew at start. \
            LANYARD_KEYS_MASTER_OLD_FILE names a file that holds it.
            """)
    fileprivate static let algorithm = Self(
        "keys.algorithm", default: "RS256", help: "What new signing keys sign with: RS256, PS256, ES256 or EdDSA.")
    fileprivate static let rsaBits = Self(
        "keys.rsa_bits", default: "2048", help: "The length of new RSA keys: 2048, 3072 or 4096.")
    fileprivate static let rotationInterval = Self(
        "keys.rotate_every", default: "30d",
        help: "How long a key signs before the next one does, at least 2 x LANYARD_KEYS_PUBLISH_LEAD; 0 means for ever."
    )
    fileprivate static let publishLead = Self(
        "keys.publish_lead", default: "1h",
        help: "How long a key is published before it signs, so that every verifier has read it; at least 10m.")
}
