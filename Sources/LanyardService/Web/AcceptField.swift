// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// What a client would like to be answered with (RFC 9110 §12.5.1).
struct AcceptField {
    private let ranges: [(type: String, isRefused: Bool)]

    init(_ head: RequestHead) {
        ranges = head.values(of: "accept").flatMap { $0.split(separator: UInt8(ascii: ",")) }.map { range in
            let parts = String(decoding: range, as: UTF8.self).lowercased().split(separator: ";").map { part in
                String(part.filter { $0 != " " && $0 != "\t" })
            }
            let isRefused = parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
            return (parts.first ?? "", isRefused)
        }
    }

    /// Returns whether `type` is named itself, and before `application/json`.
    ///
    /// A wildcard is no preference: everything but an explicit wish gets JSON.
    func prefers(_ type: String) -> Bool {
        ranges.first { !$0.isRefused && ($0.type == type || $0.type == "application/json") }?.type == type
    }

    /// Returns whether `type` is named itself, and not as something that is refused.
    func names(_ type: String) -> Bool { ranges.contains { !$0.isRefused && $0.type == type } }

    /// Returns whether `type` would do: by the most specific range that it is in.
    func accepts(_ type: String) -> Bool {
        let main = type.prefix { $0 != "/" }
        for range in [type, "\(main)/*", "*/*"] {
            if let found = ranges.first(where: { $0.type == range }) { return !found.isRefused }
        }
        return ranges.isEmpty
    }
}
