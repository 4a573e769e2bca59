// SPDX-License-Identifier: Apache-2.0

/// Where the parts of a checked head lie in the bytes that it came in, without owning one of them.
///
/// Field lines are not listed: whoever wants them walks the section again, which costs less than keeping a list for each
/// connection.
package struct HeadLayout {
    var line: RequestLine
    /// The offset of the first field line.
    var fieldsStart: Int
    var fieldCount = 0
    /// The offset behind the empty line.
    private(set) var end = 0
    private(set) var host: ByteRange?
    private(set) var contentLength: ByteRange?
    private(set) var transferEncoding: ByteRange?
    private(set) var expect: ByteRange?
    /// What `Connection` says about the time after the request.
    private(set) var options: ConnectionOptions = []
    /// Whether the answer depends on entity tags that the client names (RFC 9110 §13.1.1, §13.1.2).
    ///
    /// The conditions by time are none where nothing has a `Last-Modified` (§13.1.3, §13.1.4).
    package private(set) var isConditional = false
    private var codings: ByteRange?
    private var hasMoreCodings = false
    private var seen: UInt16 = 0

    init(line: RequestLine, fieldsStart: Int) {
        self.line = line
        self.fieldsStart = fieldsStart
    }

    /// Takes note of a field line; one that may stand once may not come twice (RFC 9110 §5.3).
    mutating func add(_ field: FieldLine, of bytes: Span<UInt8>) throws(RequestError) {
        fieldCount += 1
        guard let name = SingletonField(bytes, in: field.name) else { return note(field, of: bytes) }
        let mark: UInt16 = 1 << name.bit
        guard seen & mark == 0 else { throw .malformed(name.repetition) }
        seen |= mark
        switch name {
        case .host: host = ByteRange(field.value)
        case .contentLength: contentLength = ByteRange(field.value)
        case .transferEncoding: transferEncoding = ByteRange(field.value)
        case .expect: expect = ByteRange(field.value)
        case .contentType, .authorization, .dpop, .origin, .secFetchSite: break
        }
    }

    /// Takes note of a field that may stand more than once.
    private mutating func note(_ field: FieldLine, of bytes: Span<UInt8>) {
        switch field.name.count {
        case 10 where bytes.equalsIgnoringCase("connection", in: field.name):
            options.read(bytes, in: field.value)
        case 8 where bytes.equalsIgnoringCase("if-match", in: field.name):
            isConditional = true
        case 13 where bytes.equalsIgnoringCase("if-none-match", in: field.name):
            isConditional = true
        case 15 where bytes.equalsIgnoringCase("accept-encoding", in: field.name):
            hasMoreCodings = codings != nil
            codings = ByteRange(field.value)
        default:
            break
        }
    }

    /// Checks what only the whole section tells (RFC 9110 §5.3: no field may be acted on before).
    mutating func finish(at end: Int, of bytes: Span<UInt8>) throws(RequestError) {
        self.end = end
        guard let host else {
            // RFC 9112 §3.2: only 1.0 may come without Host.
            guard line.minorVersion == 0 else { throw .malformed(.host) }
            return
        }
        guard Authority(bytes, in: host.offsets) != nil else { throw .malformed(.host) }
    }

    /// The method of the request.
    package var method: Method { line.method }

    /// Where `Accept-Encoding` stands.
    package enum AcceptEncodingLines: Equatable {
        case absent
        /// One line, its value without the blanks around it; may be empty.
        case line(Range<Int>)
        /// More than one, which only the whole head has.
        case lines
    }

    /// Where `Accept-Encoding` stands (RFC 9110 §12.5.3).
    package var acceptEncoding: AcceptEncodingLines {
        guard let codings else { return .absent }
        return hasMoreCodings ? .lines : .line(codings.offsets)
    }

    /// Returns whether the target is `path` as it stands, without a query and without naming a server.
    package func asks(for path: [UInt8], of bytes: Span<UInt8>) -> Bool {
        let target = line.target
        guard target.form == .origin, target.query == nil else { return false }
        let range = target.path.offsets
        guard range.count == path.count else { return false }
        for offset in path.indices where bytes[range.lowerBound &+ offset] != path[offset] { return false }
        return true
    }

    /// What a client expects of the server (RFC 9110 §10.1.1).
    enum Expectation {
        case nothing
        /// `100 Continue`, before it sends content.
        case `continue`
        case unknown
    }

    /// What the client expects; 1.0 has no expectations, and an empty list has none (RFC 9110 §5.6.1).
    func expectation(of bytes: Span<UInt8>) -> Expectation {
        guard line.minorVersion > 0, let expect,
            !expect.offsets.allSatisfy({ bytes[$0].isBlank || bytes[$0] == UInt8(ascii: ",") })
        else { return .nothing }
        return bytes.equalsIgnoringCase("100-continue", in: expect.offsets) ? .continue : .unknown
    }
}

extension SingletonField {
    fileprivate var bit: UInt16 {
        switch self {
        case .host: 0
        case .contentLength: 1
        case .transferEncoding: 2
        case .expect: 3
        case .contentType: 4
        case .authorization: 5
        case .dpop: 6
        case .origin: 7
        case .secFetchSite: 8
        }
    }
}
