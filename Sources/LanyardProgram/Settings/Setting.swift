// SPDX-License-Identifier: Apache-2.0

/// One setting: its name, its default and what is told about it.
///
/// What is allowed as its value, and the type that comes of it, is the ``SettingKind`` that it is read as.
package struct Setting: Sendable {
    /// The key as the documentation writes it: `tokens.access_lifetime`.
    package let key: String
    /// The text that counts when the setting is given nowhere; `nil` if it then has no value, or one that follows
    /// from others.
    package let fallback: String?
    /// What it is for, in sentences.
    package let help: String
    /// What else is special about it.
    package let traits: Traits

    /// Creates a setting.
    package init(_ key: String, default fallback: String? = nil, _ traits: Traits = [], help: String) {
        self.key = key
        self.fallback = fallback
        self.traits = traits
        self.help = help
    }

    /// The name in the environment and in a settings file: `LANYARD_TOKENS_ACCESS_LIFETIME`.
    package var name: String { Self.prefix + key.uppercased().map { $0 == "." ? "_" : $0 } }

    /// The name under which a file that holds the value can be given instead, if it can.
    package var fileName: String? { traits.contains(.mayBeFile) ? name + "_FILE" : nil }

    /// What is special about a setting.
    package struct Traits: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The value is never printed.
        package static let secret = Self(rawValue: 1)
        /// The name with `_FILE` may name a file that holds the value.
        package static let mayBeFile = Self(rawValue: 2)
        /// A running server takes a new value at `SIGHUP`.
        package static let reloads = Self(rawValue: 4)
        /// The value is a URL, and never printed when a password is in it.
        package static let mayHoldPassword = Self(rawValue: 8)
    }

    /// What the name of every setting begins with.
    package static let prefix = "LANYARD_"
}
