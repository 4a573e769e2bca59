// SPDX-License-Identifier: Apache-2.0

/// A session and its account, as they are at one moment.
package struct SessionOwned: Equatable, Sendable {
    /// The session, over or not.
    package var session: Session
    /// Its account.
    package var account: Account

    /// Creates one.
    package init(session: Session, account: Account) {
        self.session = session
        self.account = account
    }
}
