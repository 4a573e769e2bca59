// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardHTTP

/// The paths of an interface.
package struct RouteTable<Endpoint: Sendable>: Sendable {
    /// A route, as it is found.
    package typealias Route = LanyardWeb.Route<Endpoint>

    /// The routes, as they were declared.
    package let declared: [Route]
    private let byPath: Table
    /// The routes whose path ends in an id, by what stands before that.
    private let byParent: Table
    /// The routes that have the paths below theirs as well.
    private let withPathsBelow: [(path: Path, route: Route)]
    /// Every method that some route answers, for `OPTIONS *`.
    package let everyMethod: String
    /// Whether pages of other origins may read what the routes say they may; else no route has anything to do with pages.
    private let isForPages: Bool

    private typealias Table = [Path: Route]

    /// Creates the table: each route is found at its path, and below the issuer's path too.
    package init(_ routes: [Route], below issuerPath: String = "", isForPages: Bool = true) {
        self.isForPages = isForPages
        declared = routes
        var byPath: Table = [:]
        var byParent: Table = [:]
        for route in routes {
            for path in [route.path, issuerPath + route.path] {
                if path.hasSuffix(Self.parameter) {
                    let parent = String(path.dropLast(Self.parameter.count))
                    byParent[Path(parent)] = route
                } else {
                    byPath[Path(path)] = route
                }
            }
        }
        self.byPath = byPath
        self.byParent = byParent
        withPathsBelow = byPath.filter(\.value.hasPathsBelow).map { ($0.key, $0.value) }
        // A route that answers anything says nothing of what the others do.
        everyMethod = Route.allow(of: routes.filter { $0.admission != .anythingWithoutContent })
    }

    /// Returns the route of a request.
    package func route(for target: RequestTarget) -> Route? {
        switch target {
        case .path(let path, _): route(at: path, target) ?? route(above: path)
        case .unroutable(let path, _): route(above: path)
        case .irregular(let path, _): routeWithPathsBelow(at: path) ?? route(above: path)
        case .asterisk, .authority: nil
        }
    }

    /// Returns the route that `path` lies below, whatever its characters.
    private func route(above path: String) -> Route? {
        withPathsBelow.first { path.utf8.starts(with: $0.path.text.utf8 + [UInt8(ascii: "/")]) }?.route
    }

    private func routeWithPathsBelow(at path: String) -> Route? {
        withPathsBelow.first { $0.path == Path(path) }?.route
    }

    /// Returns which pages may read the answers of `route`, or of paths that have none.
    package func policy(of route: Route?) -> CrossOrigin {
        isForPages ? route?.crossOrigin ?? .allowedOrigins : .nobody
    }

    private func route(at path: String, _ target: RequestTarget) -> Route? {
        if let route = byPath[Path(path)] { return route }
        guard let (parent, id) = target.parentAndID else { return nil }
        return Self.isID(id) ? byParent[Path(parent)] : nil
    }

    /// Whether `text` could be an id; whatever else stands in a path is not looked for.
    private static func isID(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static var parameter: String { "{id}" }

    /// The routes without a parameter, each with its whole path.
    package var all: [(path: String, route: Route)] { byPath.map { ($0.key.text, $0.value) } }
}

/// A path, or what stands before its last segment.
private struct Path: ByteString {
    let text: String

    init(_ text: String) { self.text = text }
}

extension RequestTarget {
    /// What stands before the last segment of a path, its slash included, and that segment.
    package var parentAndID: (parent: String, id: String)? {
        guard case .path(let path, _) = self, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let start = path.utf8.index(after: slash)
        return (String(path[..<start]), String(path[start...]))
    }
}
