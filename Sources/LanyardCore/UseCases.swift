// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What Lanyard does for clients, on one event loop.
package final class UseCases: Sendable {
    /// The keys as the loop has them.
    package let keys: LoopKeys
    package let login: Login
    package let refresh: Refresh
    package let endSessions: EndSessions
    package let listSessions: ListSessions
    package let changePassword: ChangePassword
    package let authenticateClient: AuthenticateClient
    package let grantClientToken: GrantClientToken
    package let issueTokens: IssueTokens
    package let ownTokens: OwnTokens
    package let findStanding: FindStanding

    /// Creates the use cases of `loop`.
    package init(_ resources: Resources, on loop: any Confinement) {
        let (policies, store, now) = (resources.policies, resources.store, resources.now)
        keys = LoopKeys(resources.keys, policies.tokens, on: loop)
        ownTokens = OwnTokens(keys, policies.tokens, now: now)
        login = Login(
            accounts: store, sessions: store, lanes: resources.lanes, passwords: resources.passwords,
            decoys: resources.decoys, keys: resources.keys, tokens: policies.tokens, policy: policies.sessions, now: now
        )
        refresh = Refresh(
            keys: keys, live: resources.keys, own: ownTokens, sessions: store, tokens: policies.tokens,
            policy: policies.sessions, now: now)
        endSessions = EndSessions(sessions: store, lifetimes: policies.sessions.lifetimes, now: now)
        listSessions = ListSessions(store: store, lifetimes: policies.sessions.lifetimes, now: now)
        changePassword = ChangePassword(
            accounts: store, lanes: resources.lanes, passwords: resources.passwords, policy: policies.passwords,
            now: now)
        authenticateClient = AuthenticateClient(
            clients: store,
            judge: TryJudge(
                store: store, keys: TryKeys(resources.passwords), limits: resources.tryLimits, now: now))
        grantClientToken = GrantClientToken(clients: store, tokens: policies.tokens)
        issueTokens = IssueTokens(
            keys: keys, policy: policies.tokens, lifetimes: policies.sessions.lifetimes,
            metrics: resources.events.metrics, now: now)
        findStanding = FindStanding(store: store, lifetimes: policies.sessions.lifetimes, now: now)
    }
}
