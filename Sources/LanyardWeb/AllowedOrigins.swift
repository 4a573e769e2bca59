// SPDX-License-Identifier: Apache-2.0

/// The origins that may read answers with credentials (Fetch, "HTTP CORS protocol").
package struct AllowedOrigins: Sendable {
    private let exact: Set<[UInt8]>
    private let allowsLoopback: Bool

    /// Creates a list.
    ///
    /// - Parameters:
    ///   - exact: Origins as a browser writes them: scheme, host, and the port if it is not the scheme's.
    ///   - allowsLoopback: Whether every port of `http://localhost`, `http://127.0.0.1` and `http://[::1]` is allowed.
    package init(_ exact: [String], allowsLoopback: Bool) {
        self.exact = Set(exact.map { Array($0.utf8) })
        self.allowsLoopback = allowsLoopback
    }

    /// Returns whether `origin` is allowed; `null`, which every sandboxed page has, never is.
    package func contains(_ origin: [UInt8]) -> Bool {
        exact.contains(origin) || allowsLoopback && isLoopback(origin)
    }

    private func isLoopback(_ origin: [UInt8]) -> Bool {
        for host in ["http://localhost", "http://127.0.0.1", "http://[::1]"] where origin.starts(with: host.utf8) {
            let rest = origin.dropFirst(host.utf8.count)
            guard let colon = rest.first else { return true }
            let port = rest.dropFirst()
            return colon == UInt8(ascii: ":") && 1...5 ~= port.count && port.allSatisfy { 0x30...0x39 ~= $0 }
        }
        return false
    }
}
