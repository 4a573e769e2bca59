// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardWeb

/// A file of the folder `Browser`, which is part of the binary.
struct GetBrowserFile: Endpoint {
    private let document: PublicDocument
    let operation: Operation

    private init(_ bytes: [UInt8], mediaType: String, caching: String = PublicDocument.caching) {
        operation = Operation("Get a file for browsers", gives: .document(mediaType: mediaType))
        document = PublicDocument(bytes, mediaType: mediaType, caching: caching)
    }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        .response(try document.answer(to: call.request.head))
    }
}

extension GetBrowserFile {
    /// The client module, which every page may load, and its types.
    static var moduleRoutes: [APIRoute] {
        [
            .public("/lanyard.js", module),
            .public("/lanyard.d.ts", moduleTypes),
        ]
    }

    /// The page on which developers try things.
    static var playgroundRoutes: [APIRoute] {
        var page = APIRoute("/", [.get: playground])
        page.contentPolicy = .page
        return [
            page,
            APIRoute("/playground.css", [.get: playgroundStyle]),
            APIRoute("/playground.js", [.get: playgroundScript]),
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
