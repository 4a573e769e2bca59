// SPDX-License-Identifier: Apache-2.0

/// An answer whose bytes were made beforehand, all but those that differ each time.
///
/// Writing it is a few copies and no decision.
package final class PreparedAnswer: Sendable {
    /// The status, for who counts answers.
    package let status: Int
    let statusLine: [UInt8]
    /// The field lines that do not change, and the empty line.
    let fields: [UInt8]
    let body: [UInt8]

    /// Makes the bytes of `response`, which has no ``Response/defect``.
    package init(_ response: Response) {
        precondition(response.defect == nil, "a response that can be written")
        var bytes: [UInt8] = []
        ResponseEncoder.appendStatusLine(response, to: &bytes)
        statusLine = bytes
        bytes = []
        ResponseEncoder.appendFields(of: response, to: &bytes)
        fields = bytes
        body = response.body
        status = response.status
    }
}

extension PreparedAnswer: Equatable {
    /// Whether both write the same bytes.
    package static func == (one: PreparedAnswer, other: PreparedAnswer) -> Bool {
        one === other
            || one.statusLine == other.statusLine && one.fields == other.fields && one.body == other.body
    }
}
