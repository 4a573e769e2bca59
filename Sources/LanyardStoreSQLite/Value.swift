// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// What is bound to a parameter of a statement.
enum Value: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    static func text(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
    static func id(_ id: some ByteString) -> Self { .text(id.text) }
    static func id(_ id: (some ByteString)?) -> Self { id.map { .text($0.text) } ?? .null }
    static func bytes(_ bytes: [UInt8]?) -> Self { bytes.map { .bytes($0) } ?? .null }
    static func time(_ time: UnixTime) -> Self { .integer(time.milliseconds) }
    static func time(_ time: UnixTime?) -> Self { time.map { .integer($0.milliseconds) } ?? .null }
    static func texts(_ texts: [String]) -> Self { .text(TextList.encode(texts)) }
    static func list<Element>(_ list: Distinct<Element>) -> Self { .texts(list.texts) }
    static func list<Element>(_ list: Distinct<Element>?) -> Self { list.map { .texts($0.texts) } ?? .null }
}

/// The text of a statement that each connection prepares once.
///
/// Each is a static constant: connections know it by its identity, so that a look-up costs no hash of the text.
final class Query: Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
