// SPDX-License-Identifier: Apache-2.0

/// The content of a request whose head is complete, as it comes in.
struct RequestContent {
    private enum Framing {
        case length(remaining: Int)
        case chunked(ChunkedDecoder)
    }

    let head: RequestHead
    private(set) var bytes: [UInt8] = []
    private var framing: Framing
    /// `nil` for content that nobody reads: none of it is kept.
    private let limitBytes: Int?
    /// Whether a single byte is one too many.
    private let isForbidden: Bool

    /// Creates the content that follows `head`, of at most `limitBytes`; of any length if that is `nil`, and then thrown away.
    init(of head: RequestHead, _ framing: BodyFraming, limitBytes: Int?) {
        isForbidden = limitBytes != nil && !head.method.mayHaveContent
        switch framing {
        case .none: self.framing = .length(remaining: 0)
        case .chunked: self.framing = .chunked(ChunkedDecoder())
        case .length(let count): self.framing = .length(remaining: count)
        }
        self.head = head
        self.limitBytes = isForbidden ? 0 : limitBytes
    }

    /// Throws if the length that was announced is above the limit (RFC 9110 §15.5.14); that of chunks is met as they come.
    func checkLength() throws(RequestError) {
        guard case .length(let remaining) = framing, let limitBytes, remaining > limitBytes else { return }
        throw tooLarge(limitBytes)
    }

    private func tooLarge(_ limitBytes: Int) -> RequestError {
        isForbidden ? .malformed(.unexpectedBody) : .bodyTooLarge(limitBytes: limitBytes)
    }

    /// Takes the bytes from `index` on, and moves it behind those taken.
    ///
    /// - Returns: Whether the content is whole.
    mutating func take(
        _ input: Span<UInt8>, from index: inout Int, _ limits: RequestLimits
    ) throws(RequestError) -> Bool {
        switch framing {
        case .length(let remaining):
            let count = min(remaining, input.count - index)
            if limitBytes != nil { bytes.append(input, in: index..<index + count) }
            index += count
            framing = .length(remaining: remaining - count)
            return count == remaining
        case .chunked(var decoder):
            framing = .length(remaining: 0)  // So that the decoder is the only owner of its buffer while it grows.
            let isWhole: Bool
            do throws(RequestError) {
                isWhole = try decoder.take(
                    input, from: &index, into: &bytes, limitBytes: limitBytes ?? .max, limits)
            } catch .bodyTooLarge(let limitBytes) {
                throw tooLarge(limitBytes)
            }
            framing = .chunked(decoder)
            if limitBytes == nil { bytes.removeAll(keepingCapacity: true) }
            return isWhole
        }
    }
}
