// SPDX-License-Identifier: Apache-2.0

/// A session that has ended, for who tells of it.
package struct EndedSession: Equatable, Sendable {
    /// The session.
    package var id: String
    /// Its account.
    package var accountID: String
    /// Why it ended.
    package var cause: Session.Cause

    /// Creates one of a session.
    package init(_ session: Session, _ cause: Session.Cause) {
        self.init(id: session.id, accountID: session.accountID, cause: cause)
    }

    /// Creates one.
    package init(id: String, accountID: String, cause: Session.Cause) {
        self.id = id
        self.accountID = accountID
        self.cause = cause
    }
}
