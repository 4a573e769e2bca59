// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore

extension Failure {
    /// Says why a session was not ended.
    init(session refusal: RevokeSessions.Refusal) {
        switch refusal {
        case .unknown(let id):
            self.init(.data, "there is no session \(id); 'lanyard session list NAME' shows those that there are")
        case .over(let id): self.init(.data, "the session \(id) is over already")
        case .store(let reason): self.init(reason, at: "of the settings")
        }
    }

    /// Says why not all sessions were ended.
    init(allSessions error: RevokeAll.Failure) {
        switch error {
        case .store(let reason): self.init(reason, at: "of the settings")
        case .keys(let reason): self.init(reason)
        }
    }
}
