// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// A number of sessions, as people are told it.
enum SessionCount {
    /// Returns `no session`, `1 session`, `2 sessions` and so on.
    static func text(_ count: Int) -> String {
        switch count {
        case 0: "no session"
        case 1: "1 session"
        default: "\(count) sessions"
        }
    }
}

extension [EndedSession] {
    /// How many they are, as people are told it.
    var counted: String { SessionCount.text(count) }
}
