// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardHTTP

/// The command `lanyard health`, for the health checks of containers.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask a running server whether it is ready. The answer no is status 1.")

    @OptionGroup var options: SettingsOptions
    @Option(help: ArgumentHelp("The base URL of the server. By default that of its first listener.", valueName: "url"))
    var url: String?

    func run() throws {
        let server = try url.map { AskedServer(base: $0) } ?? options.settings().firstListener()
        let ready = (server.base.hasSuffix("/") ? String(server.base.dropLast()) : server.base) + "/readyz"
        let status: Int
        do throws(ClientError) {
            status = try Client(timeout: .seconds(3), trust: server.trust).get(ready, through: server.route).status
        } catch .malformedURL, .unsupportedScheme {
            throw Failure(.usage, "cannot ask \(server.base); give --url http://HOST:PORT")
        } catch .untrusted where server.trust != .system {
            throw Failure(
                .answeredNo,
                "not ready: \(ready) shows another certificate than LANYARD_HTTP_TLS_CERTIFICATE names; "
                    + "send the server SIGHUP if the file is new")
        } catch {
            throw Failure(.answeredNo, "not ready: cannot get \(ready): \(error.reason)")
        }
        guard status == 200 else { throw Failure(.answeredNo, "not ready: \(ready) answered with status \(status)") }
        try writeResult("ready\n")
    }
}

/// Who is asked, and how.
private struct AskedServer {
    let base: String
    var route = ClientRoute.network
    var trust = ClientTrust.system
}

extension Settings {
    /// Returns how a process on this machine reaches the first listener.
    ///
    /// Under TLS it has to show the very certificate of the settings, whose names need not be those of this machine.
    fileprivate func firstListener() throws(Failure) -> AskedServer {
        let scheme = hasTLS ? "https" : "http"
        var server: AskedServer
        switch http.listen.first {
        case .unix(let path)?:
            server = AskedServer(base: "\(scheme)://localhost", route: .unix(path: path))
        case .tcp(let host, let port)? where port != 0:
            server = AskedServer(base: "\(scheme)://\(host.reachableName):\(port)")
        default:
            throw Failure(.usage, "the first listener has no port that is known beforehand; give --url URL")
        }
        if let path = http.tlsCertificate { server.trust = .exactly(certificatePEM: try Self.certificatePEM(at: path)) }
        return server
    }
}

extension ListenAddress.Host {
    /// The host as a process on this machine reaches it, as a URL writes it.
    fileprivate var reachableName: String {
        switch self {
        // What listens everywhere listens on the loopback address too; no packet can be sent to the wildcard.
        case .address(.version4(0)): "127.0.0.1"
        case .address(.version6(high: 0, low: 0)): "[::1]"
        default: urlText
        }
    }
}
