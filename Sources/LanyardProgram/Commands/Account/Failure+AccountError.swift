// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardPasswords

extension Failure {
    /// Says why an account was not written or found.
    init(_ error: AccountError, account name: String) {
        switch error {
        case .invalidName(let reason): self.init(.data, "\(reason.sentence)")
        case .invalidRole(let role):
            self.init(.data, "'\(role)' cannot be a role; a role is 1 to 64 of A-Z a-z 0-9 . _ : -")
        case .invalidEmail:
            self.init(
                .data,
                "the e-mail address is not NAME@DOMAIN, is over 254 bytes, or has a blank or one of <>()[],;:\\\"")
        case .reservedClaim(let claim): self.init(.data, "the claim \(claim) is set by the service; take another name")
        case .unreadableClaims:
            self.init(.data, "the claims are too many, too deep or too long; 64 of them and 15 levels can be read")
        case .tooLarge(let limit):
            self.init(.data, "roles and claims together are over \(limit) bytes and would not fit into a token")
        case .password(let reason): self.init(.data, reason.sentence)
        case .nameTaken: self.init(.data, "an account with the name \(name) exists already")
        case .notFound: self.init(.data, "there is no account with the name \(name)")
        case .store(let reason): self.init(reason, at: "of the settings")
        case .overloaded:
            self.init(.unavailable, "there is not enough memory to compute the hash; nothing was changed, try again")
        case .internal: self.init(.bug, "the account was not written: \(error)")
        }
    }
}

extension NewAccount {
    /// Checks what the command line gave.
    ///
    /// - Throws: A failure with status 65.
    static func checked(
        name: String, email: String?, roles: [String], claims: JSONObject
    ) throws(Failure) -> NewAccount {
        do throws(AccountError) {
            return try NewAccount(name: name, email: email, roles: roles, claims: claims)
        } catch {
            throw Failure(error, account: name)
        }
    }

    /// Returns the password that the account may be added with.
    ///
    /// - Throws: A failure with status 65 if `policy` refuses it.
    func accept(
        _ password: Secret<String>, under policy: PasswordPolicy, named name: String
    ) throws(Failure) -> NewPassword {
        do throws(AccountError) {
            return try accept(password.reveal(), under: policy)
        } catch {
            throw Failure(error, account: name)
        }
    }
}

extension RoleEdit {
    /// Checks what the command line gave.
    ///
    /// - Throws: A failure with status 65.
    static func checked(
        adding added: [String], removing removed: [String], named name: String
    ) throws(Failure) -> RoleEdit {
        do throws(AccountError) {
            return try RoleEdit(adding: added, removing: removed)
        } catch {
            throw Failure(error, account: name)
        }
    }
}

extension AccountNameError {
    fileprivate var sentence: String {
        switch self {
        case .empty: "an account needs a name"
        case .tooLong(let maximum): "the name has more than \(maximum) characters"
        case .forbiddenCharacter: "the name has a control character or one that is not assigned in Unicode"
        case .surroundingBlank: "the name begins or ends with a blank"
        case .invisibleCharacter: "the name has a character that is not displayed; remove it"
        }
    }
}

extension PasswordPolicyError {
    fileprivate var sentence: String {
        switch self {
        case .tooLong(let maximum): "the password has more than \(maximum) characters; nothing was changed"
        case .tooShort(let minimum): "the password has fewer than \(minimum) characters; take a longer one"
        case .forbiddenCharacter: "the password has a control character or one that is not assigned in Unicode"
        case .blocked: "the password is one of those that are guessed first, or is a simple pattern; take another one"
        }
    }
}
