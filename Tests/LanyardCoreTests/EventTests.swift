// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardStore
import Testing

/// The table of events, where it says what the audit log will hold.
@Suite struct `The table of events` {
    private static let key = KeyRecord(
        kid: "k", algorithm: "RS256", state: .next, publicKey: [], sealedPrivateKey: nil, createdAt: time,
        signsFrom: time)
    private static let time = UnixTime(seconds: 1_800_000_000)
    private static let ended = EndedSession(id: "s", accountID: "a", cause: .logout)

    private static let audited: [(event: Event, name: String)] = [
        (.loggedIn(account: "a", session: "s"), "login"),
        (.loginFailed(account: "a", .wrongPassword), "login_failed"),
        (.sessionReused(account: "a", session: "s"), "session_reuse"),
        (.sessionEnded(ended), "session_ended"),
        (.sessionFoundOver(ended), "session_ended"),
        (.passwordChanged(account: "a", session: "s"), "password_changed"),
        (.keyPublished(key), "key_added"),
        (.keyRotated(key, from: "j"), "key_activated"),
        (.keyGone(kid: "j"), "key_retired"),
        (.keyRevoked(kid: "j"), "key_revoked"),
    ]

    @Test func `names what is recorded for good`() {
        for (event, name) in Self.audited { #expect(event.row.audit == name) }
    }

    @Test func `leaves out what changes nothing, and what is nobody's`() {
        let events: [Event] = [
            .refreshed(.rotate, account: "a", session: "s"), .accessRefused(reason: "token_expired"),
            .loginOverloaded(.queueFull), .storeAway(reason: "unavailable"), .storeBack, .bug,
        ]
        for event in events { #expect(event.row.audit == nil) }
    }
}
