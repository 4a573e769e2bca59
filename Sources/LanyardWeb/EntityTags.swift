// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP

/// The entity tags that a condition names (RFC 9110 §13.1.1, §13.1.2).
struct EntityTags: Equatable {
    private enum Tags: Equatable {
        case any
        case listed([[UInt8]])
    }

    private let tags: Tags

    /// Reads all lines of `field`; `nil` if there is none.
    ///
    /// What is no entity tag is kept and equal to none. A comma in a foreign tag cuts it in two such pieces.
    package init?(_ head: RequestHead, _ field: String) {
        let values = head.values(of: field)
        guard !values.isEmpty else { return nil }
        let members = values.flatMap { $0.split(separator: UInt8(ascii: ",")) }.map { member in
            Array(String(decoding: member, as: UTF8.self).trimmingBlanks.utf8)
        }
        tags = members == [[UInt8(ascii: "*")]] ? .any : .listed(members)
    }

    /// Whether `tag`, a strong one, is named, and as a strong one (RFC 9110 §8.8.3.2).
    func matchStrongly(_ tag: String) -> Bool {
        switch tags {
        case .any: true
        case .listed(let listed): listed.contains(Array(tag.utf8))
        }
    }

    /// Whether `tag`, a strong one, is named, be it as a weak one (RFC 9110 §8.8.3.2).
    func matchWeakly(_ tag: String) -> Bool {
        if matchStrongly(tag) { return true }
        guard case .listed(let listed) = tags else { return false }
        return listed.contains(Array("W/\(tag)".utf8))
    }
}
