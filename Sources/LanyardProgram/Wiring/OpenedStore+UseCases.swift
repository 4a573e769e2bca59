// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardPasswords

/// What the commands do with a store, on its keys, by the settings and by the program's clocks.
extension OpenedStore {
    /// The rules of adding, finding, changing and removing accounts.
    func accounts(hashingIn lanes: PasswordLanes) -> Accounts {
        Accounts(store: store, lanes: lanes, seal: keyring.passwords, now: SystemClock.now)
    }

    /// The rules of adding, listing and removing service clients.
    var clients: Clients { Clients(store: store, now: SystemClock.now) }

    /// Changes keys.
    var changeKeys: ChangeKeys {
        ChangeKeys(
            store: store, masterKey: masterKey, policy: settings.keys.policy, now: SystemClock.now, pause: pause(for:))
    }

    /// Lists the sessions of an account.
    var listSessions: ListSessions {
        ListSessions(store: store, lifetimes: settings.sessions.policy.lifetimes, now: SystemClock.now)
    }

    /// Ends one session, or those of an account.
    var revokeSessions: RevokeSessions {
        RevokeSessions(store: store, lifetimes: settings.sessions.policy.lifetimes, now: SystemClock.now)
    }

    /// Ends all sessions.
    var revokeAll: RevokeAll {
        RevokeAll(
            store: store, masterKey: masterKey, policy: settings.keys.policy,
            lifetimes: settings.sessions.policy.lifetimes,
            now: SystemClock.now, pause: pause(for:))
    }

    /// Revokes what a token belongs to.
    var tokenRevocation: TokenRevocation {
        TokenRevocation(
            store: store, keyring: keyring, lifetimes: settings.sessions.policy.lifetimes, now: SystemClock.now)
    }
}
