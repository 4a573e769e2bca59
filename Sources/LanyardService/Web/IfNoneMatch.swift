// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP

/// The entity tags that a client has already (RFC 9110 §13.1.2).
struct IfNoneMatch: Equatable {
    private enum Tags: Equatable {
        case any
        case listed([String])
    }

    private let tags: Tags

    /// Reads all `If-None-Match` lines.
    ///
    /// `nil` if there is none. What is no entity tag matches nothing.
    init?(_ head: RequestHead) {
        let values = head.values(of: "if-none-match")
        guard !values.isEmpty else { return nil }
        let members = values.flatMap { $0.split(separator: UInt8(ascii: ",")) }.map { member in
            String(decoding: member, as: UTF8.self).trimmingBlanks
        }
        if members.contains("*") {
            tags = .any
        } else {
            // Weak comparison: W/ is left out of account (RFC 9110 §8.8.3.2).
            tags = .listed(members.map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 })
        }
    }

    func matches(_ entityTag: String) -> Bool {
        switch tags {
        case .any: true
        case .listed(let listed): listed.contains(entityTag)
        }
    }
}
