// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with tokens that the store's issuer has made.
struct TokenRules {
    private let opened: OpenedStore
    private let revocation: TokenRevocation

    /// Opens the store of the settings; none is made.
    init(_ settings: Settings) async throws(Failure) {
        opened = try await OpenedStore(settings, for: .looking)
        revocation = TokenRevocation(
            store: opened.store, keyring: opened.keyring, lifetimes: settings.sessionLifetimes,
            now: SystemClock.now)
    }

    /// Ends the store.
    func close() { opened.store.close() }

    /// Revokes a token.
    func revoke(_ text: String) async throws(Failure) {
        let outcome: TokenRevocation.Outcome
        do throws(StoreError) {
            outcome = try await revocation.revoke(text)
        } catch {
            throw Failure(error, at: "of the settings")
        }
        switch outcome {
        case .sessionEnded(let session): writeNotice("lanyard: ended the session \(session.id)\n")
        case .sessionOver(let id): writeNotice("lanyard: the session \(id) is over already\n")
        case .clientRevoked(let id):
            writeNotice("lanyard: revoked the tokens of the client \(id); it can get new ones\n")
        case .clientOver(let id):
            writeNotice("lanyard: this token of the client \(id) was revoked already\n")
        case .foreign:
            throw Failure(
                .answeredNo,
                "no key of this store has signed this token, or the key was revoked; check LANYARD_STORE_URL")
        }
    }
}
