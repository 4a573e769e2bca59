// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardBase
import LanyardHTTP
import TestSupport

/// A server of one loop that speaks TLS, with every ticket and every fault in the script's hands.
///
/// One serves all inputs: a connection that is left over by one of them is a finding.
final class FuzzedServer: Sendable {
    /// What the handler was asked, and has said, since the last input began.
    struct Record: Sendable {
        /// The numbers of the requests that were started, in order.
        var started: [Int] = []
        /// Tickets that were not completed.
        var tickets: [(number: Int, ticket: ExchangeTicket)] = []
        /// Tickets that were.
        var completed: [(number: Int, ticket: ExchangeTicket)] = []
        var faults: [EngineFault] = []
    }

    let record = Guarded(Record())
    private let running: RunningServer
    private let sentinel: Guarded<Sentinel>
    private let models: Guarded<Models>

    /// A client whose answers show that the loop has handled what came before its requests.
    private struct Sentinel {
        let client: FuzzedClient
        var answerCount = 0
    }

    /// One client of each version, as which all others are made.
    private struct Models {
        let version12 = TLSTestPeer(.only(0x0303))
        let version13 = TLSTestPeer(.only(0x0304))
    }

    private static let instance = Result { try FuzzedServer() }

    /// The server of this process.
    static func shared() throws -> FuzzedServer { try instance.get() }

    private init() throws {
        let certificate = TestCertificate()
        let context = try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
        // A socket file: connections to a port would run out of ports within a minute.
        let path = "/tmp/lanyard-fuzz-\(getpid())"
        running = try RunningServer(Handler(record: record), loops: 1, at: ["unix:\(path)"]) { configuration in
            configuration.tls = context
            // Time is no part of the input.
            for timeout: WritableKeyPath<ServerConfiguration, Duration> in [
                \.handshakeTimeout, \.headerTimeout, \.bodyTimeout, \.idleTimeout, \.answerTimeout, \.writeTimeout,
                \.lingerTimeout,
            ] {
                configuration[keyPath: timeout] = .seconds(3_600)
            }
        }
        let running = running
        sentinel = try Guarded(Sentinel(client: FuzzedClient(to: running, like: Models().version13)))
        models = Guarded(Models())
    }

    /// A client of TLS 1.3, or else 1.2, that has finished its handshake.
    func connect(isModern: Bool) throws -> FuzzedClient {
        try models.withLock { models in
            try FuzzedClient(to: running, like: isModern ? models.version13 : models.version12)
        }
    }

    /// Waits until the loop has handled what it was sent before.
    func catchUp() throws {
        try sentinel.withLock { sentinel in
            // The second round comes after a turn that went on with what the first one left unfinished.
            for _ in 0..<2 {
                guard sentinel.client.peer.write(Request.now.bytes(number: 0)) else { throw Trouble("no sentinel") }
                sentinel.client.send(sentinel.client.peer.output())
                sentinel.answerCount += 1
                while sentinel.client.answers.count < sentinel.answerCount { try sentinel.client.receive() }
            }
        }
        record.withLock { $0.started.removeAll { $0 == 0 } }
    }

    /// How many connections there are, the sentinel's among them.
    var connectionCount: Int { running.server.connectionCount }

    private struct Handler: RequestHandler {
        let record: Guarded<Record>

        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 65_536) }

        func respond(to request: LanyardHTTP.Request, ticket: ExchangeTicket) -> Outcome {
            let parts = request.path.split(separator: "/")
            let number = parts.last.flatMap { Int($0) } ?? -1
            return record.withLock { record in
                record.started.append(number)
                switch parts.first.flatMap({ Request(rawValue: String($0)) }) {
                case .later, .content:
                    record.tickets.append((number, ticket))
                    return .pending
                case .large: return .respond(Response(number: number, byteCount: 200_000))
                case .now, nil: return .respond(Response(number: number))
                }
            }
        }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(status: error.status)
        }

        func report(_ fault: EngineFault, id: RequestID?) { record.withLock { $0.faults.append(fault) } }
    }
}

/// What a client of the server can ask for.
enum Request: String {
    /// What is answered at once.
    case now
    /// What is answered at once, with more than a socket holds.
    case large
    /// What the script completes.
    case later
    /// The same, with content.
    case content

    func bytes(number: Int) -> [UInt8] {
        switch self {
        case .now, .large, .later: Array("GET /\(rawValue)/\(number) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        case .content:
            Array("POST /content/\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\ncontent.".utf8)
        }
    }
}

extension Response {
    /// The answer to request `number`.
    init(number: Int, byteCount: Int = 0) {
        let text = Array("\(number)".utf8)
        self.init(
            status: 200, fields: [Field("Number", "\(number)")],
            body: byteCount == 0 ? text : Array(repeating: 0x61, count: byteCount))
    }
}

extension TLSTestPeer.Abilities {
    fileprivate static func only(_ version: Int32) -> Self {
        var abilities = Self()
        (abilities.lowest, abilities.highest) = (version, version)
        return abilities
    }
}

/// Something that must not be.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
