// SPDX-License-Identifier: Apache-2.0

/// Joins the chunks of one message as their bytes come (RFC 9112 §7.1).
struct ChunkedDecoder {
    private enum Place {
        case header(ChunkHeader)
        case data(remaining: Int)
        case carriageReturn, lineFeed, trailer
    }

    private var place = Place.header(ChunkHeader())
    private var extensionBytes = 0
    private var trailer = TrailerSection()

    /// Takes the bytes from `index` on, moves it behind those taken, and appends the data of chunks to `content`.
    ///
    /// - Returns: Whether the message has ended.
    mutating func take(
        _ bytes: Span<UInt8>, from index: inout Int, into content: inout [UInt8], limitBytes: Int,
        _ limits: RequestLimits
    ) throws(RequestError) -> Bool {
        while index < bytes.count {
            switch place {
            case .header(var header):
                let isWhole = try header.take(bytes[index])
                index += 1
                guard extensionBytes + header.extensionBytes <= limits.chunkExtensionBytes else {
                    throw .malformed(.chunk)
                }
                place = isWhole ? try begin(header, has: content.count, limitBytes: limitBytes) : .header(header)
            case .data(let remaining):
                let count = min(remaining, bytes.count - index)
                content.append(bytes, in: index..<index + count)
                index += count
                place = count == remaining ? .carriageReturn : .data(remaining: remaining - count)
            case .carriageReturn:
                try Self.expect(.carriageReturn, bytes, &index)
                place = .lineFeed
            case .lineFeed:
                try Self.expect(.lineFeed, bytes, &index)
                place = .header(ChunkHeader())
            case .trailer:
                return try trailer.take(bytes, from: &index, limitBytes: limits.trailerBytes)
            }
        }
        return false
    }

    private mutating func begin(_ header: ChunkHeader, has count: Int, limitBytes: Int) throws(RequestError) -> Place {
        extensionBytes += header.extensionBytes
        guard header.size > 0 else { return .trailer }
        guard Int(header.size) <= limitBytes - count else { throw .bodyTooLarge(limitBytes: limitBytes) }
        return .data(remaining: Int(header.size))
    }

    private static func expect(_ expected: UInt8, _ bytes: Span<UInt8>, _ index: inout Int) throws(RequestError) {
        guard bytes[index] == expected else { throw .malformed(.chunk) }
        index += 1
    }
}
