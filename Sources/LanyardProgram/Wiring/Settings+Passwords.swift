// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardCrypto
internal import LanyardPasswords

extension Settings {
    /// What new passwords must be.
    ///
    /// - Throws: A failure with status 78 if the blocklist cannot be read.
    func passwordPolicy() throws(Failure) -> PasswordPolicy {
        var blocklist: Blocklist?
        if let path = passwords.blocklist {
            do throws(BlocklistError) {
                blocklist = try Blocklist(contentsOfFile: path)
            } catch {
                switch error {
                case .unreadable(let code):
                    throw SettingsError.unreadable(
                        name: "LANYARD_PASSWORDS_BLOCKLIST", path: path, FileError(code)
                    ).failure
                }
            }
        }
        return PasswordPolicy(
            minimumLength: passwords.minimumLength, maximumLength: passwords.maximumLength, blocklist: blocklist,
            serviceWords: ["lanyard"] + [host].compactMap(\.self))
    }

    /// The host of the issuer that the settings name.
    private var host: String? {
        givenIssuer?.origin.split(separator: "/").last.map { String($0.prefix { $0 != ":" }) }
    }

    /// What a new hash costs.
    ///
    /// - Throws: A failure with status 78 if memory and parallelism do not go together.
    func passwordCost() throws(Failure) -> Argon2Parameters {
        do {
            return try Argon2Parameters(
                memoryKiB: passwords.memoryBytes / 1_024, iterations: passwords.iterations,
                parallelism: passwords.parallelism)
        } catch {
            throw Failure(.settings, "LANYARD_PASSWORDS_MEMORY is too little for LANYARD_PASSWORDS_PARALLELISM")
        }
    }

    /// Starts the lanes that passwords are hashed in, with all their memory reserved.
    ///
    /// - Parameters:
    ///   - laneCount: How many lanes.
    ///   - queueCapacity: How many callers may wait.
    /// - Returns: The lanes, to be closed in the end.
    /// - Throws: A failure with status 78 if the memory is not available. What does not fit is not touched, so that the
    ///   kernel does not end another process to provide it.
    func passwordLanes(_ laneCount: Int, queueCapacity: Int) throws(Failure) -> PasswordLanes {
        let lanes = PasswordLanes.Settings(
            laneCount: laneCount, queueCapacity: queueCapacity, parameters: try passwordCost())
        let needed = laneCount * lanes.parameters.memoryBytes
        let available = AvailableMemory.bytes()
        guard needed <= available ?? .max else { throw .passwordMemory(lanes, available: available) }
        do {
            return try PasswordLanes(lanes, random: SecureRandom.bytes)
        } catch {
            throw .passwordMemory(lanes, available: nil)
        }
    }
}

extension Failure {
    fileprivate static func passwordMemory(_ lanes: PasswordLanes.Settings, available: Int?) -> Failure {
        let mebibytes = { (bytes: Int) in "\(bytes >> 20) MiB" }
        let needed = mebibytes(lanes.laneCount * lanes.parameters.memoryBytes)
        let rest = available.map { ", and \(mebibytes($0)) are available" } ?? ", which the system does not provide"
        return Failure(
            .settings,
            "LANYARD_PASSWORDS_MEMORY in \(lanes.laneCount) lanes (LANYARD_PASSWORDS_LANES) needs \(needed)\(rest); "
                + "lower one of the two")
    }
}
