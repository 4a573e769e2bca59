// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// A file of the folder `Browser`, which is part of the binary.
struct BrowserFile: Endpoint {
    private let document: PublicDocument

    private init(_ bytes: [UInt8], mediaType: String, caching: String = PublicDocument.caching) {
        document = PublicDocument(bytes, mediaType: mediaType, caching: caching)
    }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        .response(try document.response(to: call.request.head))
    }
}

extension BrowserFile {
    /// The client module, which every page may load, and its types.
    static var moduleRoutes: [Route] {
        [
            Route("/lanyard.js", [.get: module], crossOrigin: .everyone),
            Route("/lanyard.d.ts", [.get: moduleTypes], crossOrigin: .everyone),
        ]
    }

    /// The page on which developers try things.
    static var playgroundRoutes: [Route] {
        [
            Route("/", [.get: playground], contentPolicy: .page),
            Route("/playground.css", [.get: playgroundStyle]),
            Route("/playground.js", [.get: playgroundScript]),
        ]
    }

    private static let module = Self(PackageResources.lanyard_js, mediaType: script)
    private static let moduleTypes = Self(PackageResources.lanyard_d_ts, mediaType: "text/plain; charset=utf-8")

    private static let playground = Self(
        PackageResources.playground_html, mediaType: "text/html; charset=utf-8", caching: revalidated)
    private static let playgroundStyle = Self(
        PackageResources.playground_css, mediaType: "text/css; charset=utf-8", caching: revalidated)
    private static let playgroundScript = Self(PackageResources.playground_js, mediaType: script, caching: revalidated)

    /// RFC 9239 §6.
    private static let script = "text/javascript; charset=utf-8"
    /// RFC 9111 §5.2.2.4: a developer who starts another version sees it.
    private static let revalidated = "no-cache"
}
