// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardStoreSQLite
internal import Logging

/// What the operator is told after a start: how to add the first account, or, for development, who can log in.
struct Greeting {
    private let event: String
    private let lines: [String]

    /// Finds out what to say; for development, adds the account `alice` if there is none.
    init(_ settings: Settings, _ accounts: Accounts, _ store: SQLiteStore) async throws(Failure) {
        let isEmpty: Bool
        do throws(StoreError) {
            isEmpty = try await store.accounts(after: nil, limit: 1).isEmpty
        } catch {
            throw Failure(error, at: "of the settings")
        }
        guard settings.isDevelopment else {
            event = "no_account"
            lines = isEmpty ? ["there is no account yet; add one with 'lanyard account add NAME'"] : []
            return
        }
        event = "development"
        var lines = ["for development only, NOT FOR PRODUCTION: pages of this machine may call, cookies are not Secure"]
        let isPublic = !settings.isLoopbackOnly
        if isEmpty {
            lines.append(try await Self.addAlice(accounts, isPublic: isPublic))
        } else if isPublic, let line = try await Self.closeWellKnownAccount(accounts) {
            lines.append(line)
        }
        self.lines = lines
    }

    /// Writes it to standard error: as lines of the log where that is JSON, which nothing else may stand between.
    func tell(_ sink: LogSink, _ output: ServingOutput) {
        for line in lines {
            if sink.isJSON {
                sink.logger().notice("\(line)", metadata: ["event": "\(event)"])
            } else {
                output.errors.write(Array("lanyard: \(line)\n".utf8))
            }
        }
    }

    /// Adds the account to try things with; its password is well known only where nobody else can reach it.
    private static func addAlice(_ accounts: Accounts, isPublic: Bool) async throws(Failure) -> String {
        let password = isPublic ? randomPassword() : wellKnownPassword
        let alice = try NewAccount.checked(name: name, email: nil, roles: ["reader", "writer"], claims: [:])
        do throws(AccountError) {
            _ = try await accounts.add(alice, password: NewPassword(exemptFromPolicy: password))
        } catch .nameTaken {
            return "the account alice was added by another process"
        } catch {
            throw Failure(error, account: name)
        }
        return "added the account alice with the password '\(password)' and the roles reader, writer"
    }

    /// Gives the account that an earlier start on loopback made another password, now that others can reach it.
    private static func closeWellKnownAccount(_ accounts: Accounts) async throws(Failure) -> String? {
        do throws(AccountError) {
            guard try await accounts.isPassword(wellKnownPassword, named: name) else { return nil }
            let password = randomPassword()
            _ = try await accounts.setPassword(NewPassword(exemptFromPolicy: password), named: name)
            return "the account alice has a new password, since others reach this server: '\(password)'"
        } catch .notFound {
            return nil
        } catch {
            throw Failure(error, account: name)
        }
    }

    private static func randomPassword() -> String { Base64URL.encode(SecureRandom.bytes(16)) }

    private static let name = "alice"
    private static let wellKnownPassword = "correct horse battery staple"
}
