// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A session that has ended, for who tells of it.
package struct EndedSession: Equatable, Sendable {
    /// The session.
    package var id: SessionID
    /// Its account.
    package var accountID: AccountID
    /// Why it ended.
    package var cause: Session.Cause

    /// Creates one of a session.
    package init(_ session: Session, _ cause: Session.Cause) {
        self.init(id: session.id, accountID: session.accountID, cause: cause)
    }

    /// Creates one.
    package init(id: SessionID, accountID: AccountID, cause: Session.Cause) {
        self.id = id
        self.accountID = accountID
        self.cause = cause
    }
}
