// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with accounts, and how they tell what came of it.
struct AccountRules {
    private let opened: OpenedStore
    private let lanes: PasswordLanes
    private let accounts: Accounts

    /// Opens the store of the settings.
    init(_ settings: Settings, for use: OpenedStore.Use) async throws(Failure) {
        lanes = try settings.passwordLanes(1, queueCapacity: 1)
        opened = try await OpenedStore(settings, for: use)
        accounts = Accounts(
            store: opened.store, lanes: lanes, seal: opened.keyring.passwords, now: SystemClock.now)
    }

    /// Ends the store and the lanes.
    func close() {
        _ = lanes.close(within: .seconds(5))
        opened.store.close()
    }

    /// Adds an account.
    func add(_ new: NewAccount, named name: String, password: NewPassword) async throws(Failure) {
        _ = try await step(name, await accounts.add(new, password: password))
        writeNotice("lanyard: added the account \(name.escapingControls)\n")
    }

    /// Prints all accounts, a page at a time.
    func list(asJSON: Bool) async throws(Failure) {
        var elements: [JSONValue] = []
        var last: String?
        while true {
            let page = try await step("", await accounts.accounts(after: last, limit: Self.pageLength))
            elements += page.map(\.json)
            if !asJSON, !page.isEmpty { try writeResult(page.map(\.line).joined()) }
            guard page.count == Self.pageLength else { break }
            last = page.last?.nameKey
        }
        if asJSON { try writeResult(JSONValue.array(elements).text + "\n") }
    }

    /// Prints one account.
    func show(_ name: String, asJSON: Bool) async throws(Failure) {
        guard let account = try await find(name) else { throw Failure(.notFound, account: name) }
        try writeResult(asJSON ? account.json.text + "\n" : account.paragraph)
    }

    /// Removes an account and ends its sessions.
    func remove(_ name: String) async throws(Failure) {
        let ended = try await step(name, await accounts.remove(named: name))
        writeNotice("lanyard: removed the account \(name.escapingControls) and ended \(ended.counted)\n")
    }

    /// Sets the password that is asked for, if `policy` accepts it.
    func setPassword(_ name: String, under policy: PasswordPolicy, fromStandardInput: Bool) async throws(Failure) {
        guard try await find(name) != nil else { throw Failure(.notFound, account: name) }
        let text = try PasswordInput.standard.read(for: name, fromPipe: fromStandardInput)
        let ended = try await step(name, await accounts.setPassword(text.reveal(), policy: policy, named: name))
        writeNotice("lanyard: set the password of \(name.escapingControls) and ended \(ended.counted)\n")
    }

    /// Disables an account, which ends its sessions, or enables it.
    func setDisabled(_ isDisabled: Bool, _ name: String) async throws(Failure) {
        let change = try await step(name, await accounts.setDisabled(isDisabled, named: name))
        let shown = name.escapingControls
        let notice =
            switch (isDisabled, change.wasDisabled) {
            case (true, false): "disabled the account \(shown) and ended \(change.ended.counted)"
            case (true, true): "the account \(shown) is disabled already; nothing was changed"
            case (false, true): "enabled the account \(shown); the sessions it had stay over"
            case (false, false): "the account \(shown) is not disabled; nothing was changed"
            }
        writeNotice("lanyard: \(notice)\n")
    }

    /// Changes the roles of an account.
    func changeRoles(_ name: String, _ edit: RoleEdit) async throws(Failure) {
        let change = try await step(name, await accounts.changeRoles(edit, named: name))
        let shown = name.escapingControls
        for role in change.held { writeNotice("lanyard: \(shown) has the role \(role) already\n") }
        for role in change.missing {
            writeNotice("lanyard: \(shown) does not have the role \(role.escapingControls)\n")
        }
        guard change.isChange else { return writeNotice("lanyard: nothing was changed\n") }
        let roles = change.roles.isEmpty ? "no role" : "the roles \(change.roles.joined(separator: " "))"
        writeNotice("lanyard: \(shown) has \(roles) now; tokens show it from the next refresh on\n")
    }

    private func find(_ name: String) async throws(Failure) -> Account? {
        do throws(AccountError) {
            return try await accounts.account(named: name)
        } catch .notFound {
            return nil
        } catch {
            throw Failure(error, account: name)
        }
    }

    private func step<Value>(
        _ name: String, _ make: @autoclosure () async throws(AccountError) -> Value
    ) async throws(Failure) -> Value {
        do throws(AccountError) {
            return try await make()
        } catch {
            throw Failure(error, account: name)
        }
    }

    private static let pageLength = 500
}

extension Account {
    /// The account in one line, for people.
    fileprivate var line: String {
        "\(name.escapingControls)\t\(id)\t\(roles.joined(separator: ","))\(disabledAt == nil ? "" : "\tdisabled")\n"
    }

    /// The account in one line for each of its parts, for people.
    fileprivate var paragraph: String {
        """
        name: \(name.escapingControls)
        id: \(id)
        email: \(email?.escapingControls ?? "")
        roles: \(roles.joined(separator: " "))
        claims: \(AccountClaims(trusted: claims).value.text)
        disabled: \(disabledAt != nil)
        created: \(createdAt.rfc3339)
        last login: \(lastLoginAt?.rfc3339 ?? "never")

        """
    }
}
