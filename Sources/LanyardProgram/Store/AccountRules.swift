// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardPasswords
internal import LanyardService
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with accounts, and how they tell what came of it.
struct AccountRules {
    private let opened: OpenedStore
    private let lanes: PasswordLanes
    private let accounts: Accounts

    /// Opens the store of the settings.
    init(_ settings: Settings, for use: OpenedStore.Use) throws(Failure) {
        lanes = try settings.passwordLanes(1, queueCapacity: 1)
        opened = try OpenedStore(settings, for: use)
        accounts = Accounts(
            store: opened.store, lanes: lanes, seal: opened.keyring.passwords, now: SystemClock.now)
    }

    /// Ends the store and the lanes.
    func close() {
        _ = lanes.close(within: .seconds(5))
        opened.store.close()
    }

    /// Adds an account.
    func add(_ new: NewAccount, named name: String, password: NewPassword) throws(Failure) {
        _ = try step(name) { accounts.add(new, password: password, completion: $0) }
        writeNotice("lanyard: added the account \(name.escapingControls)\n")
    }

    /// Prints all accounts, a page at a time.
    func list(asJSON: Bool) throws(Failure) {
        var elements: [JSONValue] = []
        var last: String?
        while true {
            let page = try step { accounts.accounts(after: last, limit: Self.pageLength, completion: $0) }
            elements += page.map(\.json)
            if !asJSON, !page.isEmpty { try writeResult(page.map(\.line).joined()) }
            guard page.count == Self.pageLength else { break }
            last = page.last?.nameKey
        }
        if asJSON { try writeResult(JSONValue.array(elements).text + "\n") }
    }

    /// Prints one account.
    func show(_ name: String, asJSON: Bool) throws(Failure) {
        guard let account = try find(name) else { throw Failure(.notFound, account: name) }
        try writeResult(asJSON ? account.json.text + "\n" : account.paragraph)
    }

    /// Removes an account and ends its sessions.
    func remove(_ name: String) throws(Failure) {
        let ended = try step(name) { accounts.remove(named: name, completion: $0) }
        writeNotice("lanyard: removed the account \(name.escapingControls) and ended \(ended.counted)\n")
    }

    /// Sets the password that is asked for, if `policy` accepts it.
    func setPassword(_ name: String, under policy: PasswordPolicy, fromStandardInput: Bool) throws(Failure) {
        guard try find(name) != nil else { throw Failure(.notFound, account: name) }
        let text = try PasswordInput.standard.read(for: name, fromPipe: fromStandardInput)
        let ended = try step(name) {
            accounts.setPassword(text.reveal(), policy: policy, named: name, completion: $0)
        }
        writeNotice("lanyard: set the password of \(name.escapingControls) and ended \(ended.counted)\n")
    }

    /// Disables an account, which ends its sessions, or enables it.
    func setDisabled(_ isDisabled: Bool, _ name: String) throws(Failure) {
        let change = try step(name) { accounts.setDisabled(isDisabled, named: name, completion: $0) }
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
    func changeRoles(_ name: String, _ edit: RoleEdit) throws(Failure) {
        let change = try step(name) { accounts.changeRoles(edit, named: name, completion: $0) }
        let shown = name.escapingControls
        for role in change.held { writeNotice("lanyard: \(shown) has the role \(role) already\n") }
        for role in change.missing {
            writeNotice("lanyard: \(shown) does not have the role \(role.escapingControls)\n")
        }
        guard change.isChange else { return writeNotice("lanyard: nothing was changed\n") }
        let roles = change.roles.isEmpty ? "no role" : "the roles \(change.roles.joined(separator: " "))"
        writeNotice("lanyard: \(shown) has \(roles) now; tokens show it from the next refresh on\n")
    }

    private func find(_ name: String) throws(Failure) -> Account? {
        do throws(AccountError) {
            return try wait { accounts.account(named: name, completion: $0) }
        } catch .notFound {
            return nil
        } catch {
            throw Failure(error, account: name)
        }
    }

    private func step<Value: Sendable>(
        _ name: String = "", _ begin: (@escaping Accounts.Completion<Value>) -> Void
    ) throws(Failure) -> Value {
        do throws(AccountError) {
            return try wait(begin)
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
