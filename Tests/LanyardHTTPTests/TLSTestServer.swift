// SPDX-License-Identifier: Apache-2.0

import CLinux
import Dispatch
import Glibc
import LanyardBase
import LanyardHTTP

/// A server of one connection over TLS, which answers with given bytes whatever is asked.
@safe final class TLSTestServer: Sendable {
    enum Manner {
        /// The answer, close_notify, then close.
        case close
        /// The answer, then close without a word.
        case cut
        /// The answer, then nothing, until the client closes.
        case hold
        /// Not even the handshake is answered.
        case deaf
        /// The connection ends in the middle of the handshake.
        case cutHandshake
        /// The answer without TLS, to whatever comes first.
        case clearText
    }

    private let listener: Int32
    private let received = Guarded<[UInt8]>([])
    private let hasEnded = Guarded(false)
    private let hello = Guarded<[UInt8]>([])
    private let isDone = DispatchSemaphore(value: 0)
    /// 0 for a socket file.
    let port: UInt16

    init(
        _ context: TLSServerContext, answering answer: String, _ manner: Manner = .close, socketFile: String? = nil
    ) throws {
        listener = socket(socketFile == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw ClientTestServer.Failure(code: errno) }
        if let socketFile {
            port = 0
            try Self.bind(listener, toFile: socketFile)
        } else {
            port = try ClientTestServer.bind(listener, ipv6: false)
        }
        let listener = listener
        DispatchQueue(label: "tls-test-server").async { [self] in
            defer { isDone.signal() }
            guard ClientTestServer.wait(listener, POLLIN) else { return }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            defer { close(connection) }
            serve(connection, TLSSession(context), Array(answer.utf8), manner)
        }
    }

    deinit { close(listener) }

    /// The first bytes of the client, once the exchange is over: its ClientHello, in clear text.
    func firstBytes() -> String {
        _ = outcome()
        return String(decoding: hello.withLock { $0 }, as: UTF8.self)
    }

    /// What the client said, and whether its close_notify came, once the exchange is over.
    func outcome() -> (text: String, hasEnded: Bool) {
        if isDone.wait(timeout: .now() + .seconds(10)) == .success { isDone.signal() }
        return (String(decoding: received.withLock { $0 }, as: UTF8.self), hasEnded.withLock { $0 })
    }

    private func serve(_ connection: Int32, _ session: TLSSession, _ answer: [UInt8], _ manner: Manner) {
        var request: [UInt8] = []
        while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let piece = Self.receive(connection) else { return }
            hello.withLock { if $0.isEmpty { $0 = piece } }
            if manner == .cutHandshake { return }
            if manner == .clearText {
                _ = ClientTestServer.send(connection, answer)
                return
            }
            if manner == .deaf { continue }
            var reply: [UInt8] = []
            let progress = session.receive(piece.span, plaintext: &request, reply: &reply)
            guard ClientTestServer.send(connection, reply), progress != .failed else { return }
        }
        received.withLock { $0 = request }
        var output: [UInt8] = []
        guard session.encrypt(answer.span, into: &output) else { return }
        if manner == .close { session.close(into: &output) }
        guard ClientTestServer.send(connection, output) else { return }
        if manner == .cut { return }
        // The client's word comes last, when it has read all it wanted.
        while session.progress == .open, let piece = Self.receive(connection) {
            var reply: [UInt8] = []
            _ = session.receive(piece.span, plaintext: &request, reply: &reply)
        }
        hasEnded.withLock { $0 = session.progress == .ended }
    }

    /// Returns what comes next, or `nil` at the end.
    private static func receive(_ connection: Int32) -> [UInt8]? {
        guard ClientTestServer.wait(connection, POLLIN) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe recv(connection, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private static func bind(_ descriptor: Int32, toFile path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let result = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(descriptor, 8) == 0 else { throw ClientTestServer.Failure(code: errno) }
    }
}
