// SPDX-License-Identifier: Apache-2.0

internal import LanyardPasswords

extension Settings {
    /// What new passwords must be.
    ///
    /// - Throws: A failure with status 78 if the blocklist cannot be read.
    func passwordPolicy() throws(Failure) -> PasswordPolicy {
        var blocklist: Blocklist?
        if let path = passwords.blocklist {
            do {
                blocklist = try Blocklist(contentsOfFile: path)
            } catch {
                throw Failure(.settings, "LANYARD_PASSWORDS_BLOCKLIST: cannot read \(path): \(error)")
            }
        }
        return PasswordPolicy(
            minimumLength: passwords.minimumLength, maximumLength: passwords.maximumLength, blocklist: blocklist)
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
}
