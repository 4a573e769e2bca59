// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP

/// `GET /metrics` of the management interface.
struct GetMetrics: Endpoint {
    private let metrics: Metrics
    private let keys: LiveKeys
    private let release: String
    private let now: @Sendable () -> UnixTime

    let operation = Operation("Get metrics", gives: .document(mediaType: MetricsWriter.mediaType))

    init(_ dependencies: Dependencies) {
        metrics = dependencies.resources.events.metrics
        keys = dependencies.resources.keys
        release = dependencies.configuration.release
        now = dependencies.resources.now
    }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        var writer = MetricsWriter()
        metrics.write(to: &writer)
        let age = now().since(keys.current.keyring.signsSince)
        writer.addGauge(
            "lanyard_signing_key_age_seconds", help: "How long the key that signs has been signing.",
            max(0, age.wholeSeconds))
        writer.addGauge(
            "lanyard_build_info", help: "Which release runs.", labels: [("version", release)], 1)
        return .response(
            Response(
                status: 200,
                fields: [
                    Response.Field("Content-Type", MetricsWriter.mediaType),
                    Response.Field("Cache-Control", "no-store"),
                ], body: Array(writer.text.utf8)))
    }
}
