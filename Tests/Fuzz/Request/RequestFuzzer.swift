// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import LanyardHTTP
import TestSupport

/// Reads any bytes as a connection's, with the limits of the server and with small ones that short inputs can pass.
///
/// ``RequestTranscript`` itself finds a parser that consumes more than there is, takes more content than the limit, or goes
/// on after a refusal.
@c(LLVMFuzzerTestOneInput)
public func readRequests(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](fuzzed: start, count: count)
    for limits in [RequestTranscript.Limits(), .small] {
        let whole = transcript(of: bytes, [], limits)
        for cuts in Pieces.cuts(of: bytes) {
            let pieces = transcript(of: bytes, cuts, limits)
            if pieces != whole { finding("pieces make a difference", whole, pieces, cutAt: cuts) }
        }
        expectNothingBehindRefusal(in: bytes, whole, limits)
        expectPrefixToAgree(with: bytes, whole, limits)
    }
    return 0
}

/// Bytes behind a refusal change nothing, however tempting they are.
private func expectNothingBehindRefusal(
    in bytes: [UInt8], _ whole: RequestTranscript, _ limits: RequestTranscript.Limits
) {
    guard case .refused = whole.outcomes.last else { return }
    let more = transcript(of: bytes + Array("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), [], limits)
    if more != whole { finding("something is read behind a refusal", whole, more) }
}

/// What a prefix is taken for, the whole is taken for, too.
private func expectPrefixToAgree(
    with bytes: [UInt8], _ whole: RequestTranscript, _ limits: RequestTranscript.Limits
) {
    let count = Pieces.place(in: bytes, 4)
    var outcomes = transcript(of: Array(bytes[..<count]), [], limits).outcomes
    if outcomes.last == .more || outcomes.last == .idle { outcomes.removeLast() }
    if !whole.outcomes.starts(with: outcomes) { finding("a prefix of \(count) is something else", whole, outcomes) }
}

private func transcript(of bytes: [UInt8], _ cuts: [Int], _ limits: RequestTranscript.Limits) -> RequestTranscript {
    do throws(RequestTranscript.Defect) {
        return try RequestTranscript(of: bytes, cutAt: cuts, limits: limits)
    } catch {
        finding("the parser \(error)", bytes, cutAt: cuts)
    }
}

extension RequestTranscript.Limits {
    fileprivate static var small: Self {
        var limits = Self(bodyBytes: 8)
        limits.request.requestLineBytes = 40
        limits.request.fieldLineBytes = 48
        limits.request.fieldsBytes = 120
        limits.request.fieldCount = 4
        limits.request.emptyLines = 1
        limits.request.chunkExtensionBytes = 12
        limits.request.trailerBytes = 24
        return limits
    }
}
