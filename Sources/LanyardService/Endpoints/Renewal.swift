// SPDX-License-Identifier: Apache-2.0

/// What requests wait for that find the process's copies of the store stale.
struct Renewal: Sendable {
    private let keys: Freshness
    private let statusLists: Freshness

    init(_ dependencies: Dependencies) {
        keys = dependencies.keys.freshness
        statusLists = dependencies.statusLists.freshness
    }

    /// Returns what a request has to wait for that failed with `error`; `nil` if waiting does not help.
    func freshness(against error: ServiceError) -> Freshness? {
        switch error {
        case .staleKeys: keys
        case .staleStatusLists: statusLists
        default: nil
        }
    }

    /// How long a request waits: with the answer, less than the 5 s within which an unavailable store is reported.
    static let patience = Duration.seconds(4)

    /// How often one request waits at most: the process may be stopped again meanwhile.
    static let waitsAtMost = 3
}
