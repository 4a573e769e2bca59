// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardHTTP

/// The command `lanyard health`, for the health checks of containers.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask a running server whether it is ready. The answer no is status 1.")

    @OptionGroup var options: SettingsOptions
    @Option(help: ArgumentHelp("The base URL of the server. By default that of its first listener.", valueName: "url"))
    var url: String?

    func run() throws {
        let base = try url ?? options.settings().localURL()
        let ready = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/readyz"
        let status: Int
        do throws(ClientError) {
            status = try Client(timeout: .seconds(3)).get(ready).status
        } catch .malformedURL, .unsupportedScheme {
            throw Failure(.usage, "cannot ask \(base); give --url http://HOST:PORT")
        } catch {
            throw Failure(.answeredNo, "not ready: cannot get \(ready): \(error.reason)")
        }
        guard status == 200 else { throw Failure(.answeredNo, "not ready: \(ready) answered with status \(status)") }
        try writeResult("ready\n")
    }
}

extension Settings {
    /// Returns the URL at which a process on this machine reaches the first listener.
    fileprivate func localURL() throws(Failure) -> String {
        guard case .tcp(let host, let port)? = http.listen.first, port != 0 else {
            throw Failure(.usage, "the first listener has no port that is known beforehand; give --url URL")
        }
        let scheme = http.tlsCertificate == nil ? "http" : "https"
        let name =
            switch host {
            // What listens everywhere listens on the loopback address too; no packet can be sent to the wildcard.
            case .address(.version4(0)): "127.0.0.1"
            case .address(.version6(high: 0, low: 0)): "[::1]"
            default: host.urlText
            }
        return "\(scheme)://\(name):\(port)"
    }
}
