// SPDX-License-Identifier: Apache-2.0

/// The settings of passwords: `passwords.*`.
package struct PasswordSettings: Sendable {
    /// The memory of one hash, in bytes.
    package let memoryBytes: Int
    /// The passes of one hash over its memory.
    package let iterations: Int
    /// The lanes of Argon2 within one hash.
    package let parallelism: Int
    /// The shortest password that may be set, in code points.
    package let minimumLength: Int
    /// The longest password, in code points.
    package let maximumLength: Int
    /// A file with passwords that nobody may set, instead of the built-in list.
    package let blocklist: String?
    /// Hashes computed at one time.
    package let lanes: Int
    /// Logins that may wait for a lane.
    package let queue: Int

    /// Reads the group; as many lanes as cores unless set.
    package init(from reader: inout SettingReader, processorCount: Int) throws(SettingsError) {
        memoryBytes = try reader.read(.memory, as: .size("8MiB", "4GiB"))
        iterations = try reader.read(.iterations, as: .integer(1...100))
        parallelism = try reader.read(.parallelism, as: .integer(1...16))
        minimumLength = try reader.read(.minimumLength, as: .integer(8...1_024))
        maximumLength = try reader.read(.maximumLength, as: .integer(64...1_024))
        blocklist = try reader.readIfSet(.blocklist, as: .path)
        let usualLanes = min(max(processorCount, 1), 256)
        lanes = try reader.readIfSet(.lanes, as: .integer(1...256)) ?? usualLanes
        reader.record("\(usualLanes)", for: Setting.lanes.key)
        queue = try reader.read(.queue, as: .integer(0...10_000))
    }
}

extension Setting {
    fileprivate static let memory = Self(
        "passwords.memory", default: "19MiB",
        help: "The memory of one Argon2id hash. The service takes this much for each of its lanes.")
    fileprivate static let iterations = Self(
        "passwords.iterations", default: "2", help: "The passes of Argon2id over its memory.")
    fileprivate static let parallelism = Self(
        "passwords.parallelism", default: "1", help: "The lanes of Argon2id within one hash.")
    fileprivate static let minimumLength = Self(
        "passwords.min_length", default: "15",
        help: "The shortest password that may be set, in code points, from 8 up to LANYARD_PASSWORDS_MAX_LENGTH.")
    fileprivate static let maximumLength = Self(
        "passwords.max_length", default: "256", help: "The longest password, in code points.")
    fileprivate static let blocklist = Self(
        "passwords.blocklist",
        help: "A file with passwords that nobody may set, one a line. When not set: the list that is built in.")
    fileprivate static let lanes = Self(
        "passwords.lanes",
        help: "Hashes computed at one time; the memory of all is reserved at start. When not set: one for each core.")
    fileprivate static let queue = Self(
        "passwords.queue", default: "64", help: "Logins that may wait for a lane; one more is answered with 503.")
}
