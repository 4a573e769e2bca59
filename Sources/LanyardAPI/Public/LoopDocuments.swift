// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore

/// The documents of the key set as one event loop has them.
final class LoopDocuments: @unchecked Sendable {
    // @unchecked Sendable because it is used where ``LoopKeys`` are, which check that.
    private let keys: LoopKeys
    private let live: LiveKeys
    private let issuer: IssuerURL
    private var made: (changeCount: Int, documents: PublicDocuments)?

    init(_ context: EndpointContext) {
        keys = context.useCases.keys
        live = context.resources.keys
        issuer = context.configuration.issuer
    }

    /// The documents of the keys now; made when they are first needed after a change.
    var current: PublicDocuments {
        let keyring = keys.current.keyring
        if let made, made.changeCount == keys.changeCount { return made.documents }
        let documents = PublicDocuments(issuer.text, keys: keyring.published)
        made = (keys.changeCount, documents)
        return documents
    }

    /// Waits for the keys of the store if those here may be old.
    ///
    /// Caches would keep an old key set for minutes. While the store is unavailable, it is better than none.
    func refresh() async {
        if !keys.areDocumentsCurrent { _ = await live.freshness.wait() }
    }
}
