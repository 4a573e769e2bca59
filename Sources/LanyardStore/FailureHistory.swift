// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The failures that count against a try, as far as they make a difference; every engine reads them, and ``TryLimits``
/// judges by them.
package struct FailureHistory: Equatable, Sendable {
    /// The failures of a pair since its last success.
    package struct Row: Equatable, Sendable {
        /// How many there are; more than ``TryLimits/failuresInRow`` make no difference.
        package let count: Int
        /// When the last was.
        package let lastAt: UnixTime

        /// Creates a row of failures.
        package init(count: Int, lastAt: UnixTime) {
            self.count = count
            self.lastAt = lastAt
        }
    }

    /// What failures are counted by besides the pair.
    package enum Scope: CaseIterable, Sendable {
        case network, site, account
    }

    /// The failures of the pair in a row, if there are any.
    package var row: Row?
    /// When the failure was that reached the limit of a scope, of those within its window, newest first; nothing if the limit
    /// is not reached.
    package var reachedAt: [Scope: UnixTime] = [:]

    /// Creates a history without failures.
    package init() {}
}

extension AuthenticationTry {
    /// What the failures of the try are counted under in `scope`; `nil` if they are not.
    package func key(in scope: FailureHistory.Scope) -> [UInt8]? {
        switch scope {
        case .network: network
        case .site: site
        case .account: account
        }
    }
}

extension TryLimits {
    /// How many failures are allowed in `scope` within its window.
    package func failures(in scope: FailureHistory.Scope) -> Int {
        switch scope {
        case .network, .site: networkFailures
        case .account: accountFailures
        }
    }

    /// Over how long the failures in `scope` are counted.
    package static func window(of scope: FailureHistory.Scope) -> Duration {
        switch scope {
        case .network, .site: networkWindow
        case .account: accountWindow
        }
    }

    /// Returns when a try with this history is next heard; `nil` if at once.
    package func nextTry(after history: FailureHistory) -> UnixTime? {
        let nexts =
            [history.row.flatMap { nextTry(afterFailures: $0.count, lastAt: $0.lastAt) }]
            + history.reachedAt.map { $0.value + Self.window(of: $0.key) }
        return nexts.compactMap(\.self).max()
    }
}
