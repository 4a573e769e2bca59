// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The keys as one event loop has them: nothing in it is shared with another thread.
package final class LoopKeys: @unchecked Sendable {
    // @unchecked Sendable because a Service, and so everything below it, is used on one loop only.
    private let live: LiveKeys
    private let configuration: ServiceConfiguration
    private var copy: Replaceable<KeySnapshot>.Copy
    /// Made when it is first needed after a change.
    private var signer: AccessTokenIssuer?
    /// How many changes were taken over, for who makes something of the keys and must know whether it is out of date.
    private(set) var changeCount = 0

    /// Creates the keys of a loop.
    package init(_ live: LiveKeys, _ configuration: ServiceConfiguration) {
        self.live = live
        self.configuration = configuration
        copy = Replaceable.Copy(of: live.snapshot)
    }

    /// Takes over what has changed.
    func update() {
        guard copy.update() else { return }
        signer = nil
        changeCount += 1
    }

    /// The keys now.
    package var current: KeySnapshot {
        update()
        return copy.value
    }

    /// Returns the refresh token that `text` is; `nil` if its MAC is none of these keys.
    ///
    /// - Throws: ``ServiceError/staleKeys`` if there may be newer keys and the request has not waited for them yet.
    func refreshToken(_ text: [UInt8], of call: Call) throws(ServiceError) -> RefreshToken? {
        if let token = current.refreshTokens.decode(text) { return token }
        if !call.hasWaited { try live.requireFresh() }
        return nil
    }

    /// Whether documents of the key set can be handed out without another read of the keys.
    var areDocumentsCurrent: Bool { live.freshness.isFreshOrUnreadable }

    /// What signs now.
    ///
    /// - Throws: ``ServiceError/staleKeys`` if the store was not read recently: another replica may have made another key
    ///   the one that signs.
    package var issuer: AccessTokenIssuer {
        get throws(ServiceError) {
            try live.requireFresh()
            update()
            if let signer { return signer }
            guard let issuer = try? AccessTokenIssuer(configuration, key: copy.value.keyring.active) else {
                throw .internal
            }
            signer = issuer
            return issuer
        }
    }
}
