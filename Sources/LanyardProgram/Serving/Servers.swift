// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
internal import LanyardHTTP

/// The servers of a process, listening from the moment they are made.
final class Servers: Sendable {
    private let `public`: Server
    private let publicAddresses: [BoundAddress]
    private let management: Server?
    private let managementAddresses: [BoundAddress]
    private let loops: Int
    private let budget: ConnectionBudget
    private let scheme: String

    /// Listens where the settings say, or takes over what is inherited instead, each interface for itself.
    ///
    /// - Throws: A failure with status 69 for an address that cannot be had.
    init(
        _ settings: Settings, tls: TLSServerContext?, inheriting inherited: consuming InheritedListeners
    ) throws(Failure) {
        loops = max(1, settings.processorCount)
        scheme = tls == nil ? "http" : "https"
        budget = ConnectionBudget(descriptors: DescriptorLimit.raise(), loops: loops)
        (`public`, publicAddresses) = try Self.listen(
            settings.publicServer(loops: loops, tls: tls).limited(to: budget.public), inherited.public)
        guard let address = settings.management.listen else {
            (management, managementAddresses) = (nil, [])
            return
        }
        (management, managementAddresses) = try Self.listen(
            settings.managementServer(at: address, tls: tls).limited(to: budget.management), inherited.management)
    }

    /// A warning for the operator if not as many connections can be had as the settings allow, or `nil`.
    func shortage(of settings: Settings) -> String? {
        let wanted = settings.http.maximumConnections
        guard wanted > budget.public else { return nil }
        return "LANYARD_HTTP_MAX_CONNECTIONS is lowered from \(wanted) to \(budget.public), which fits the limit of "
            + "\(budget.descriptors) file descriptors; raise the limit (ulimit -Hn, LimitNOFILE=) for more"
    }

    /// The port that the first listener has got.
    var firstPort: UInt16? { publicAddresses.first?.port }

    /// Begins to answer.
    func start(_ dependencies: Dependencies) throws(Failure) {
        do {
            try `public`.start { loop in Interface.public(dependencies, on: loop) }
            try management?.start { loop in Interface.management(dependencies, on: loop) }
        } catch {
            stop()
            throw Failure(error)
        }
    }

    /// Closes everything at once that was not drained.
    func stop() {
        `public`.stop()
        management?.stop()
    }

    /// Where the public interface is reached.
    var publicURLs: [String] { publicAddresses.map { $0.url(scheme: scheme) } }

    /// Where the management interface is reached.
    var managementURLs: [String] { managementAddresses.map { $0.url(scheme: scheme) } }

    /// Says on standard output where the servers listen, one line each.
    func announce(to output: ServingOutput) {
        for url in publicURLs { output.announce("listening on \(url)") }
        for url in managementURLs { output.announce("management on \(url)") }
    }

    /// Takes the limits of `settings`, and the certificate, for everything that begins from now on.
    func apply(_ settings: Settings, tls: TLSServerContext?) {
        `public`.apply(settings.publicServer(loops: loops, tls: tls).limited(to: budget.public))
        if let address = settings.management.listen {
            management?.apply(settings.managementServer(at: address, tls: tls).limited(to: budget.management))
        }
    }

    /// Lets the public requests in flight finish; the management interface answers to the end.
    func drain(completion: @escaping @Sendable () -> Void) {
        `public`.drain { [management] in
            management?.stop()
            completion()
        }
    }

    private static func listen(
        _ configuration: ServerConfiguration, _ inherited: [Listener]
    ) throws(Failure) -> (Server, [BoundAddress]) {
        var configuration = configuration
        if !inherited.isEmpty { configuration.listen = [] }
        let server = Server(configuration: configuration, now: SystemClock.now)
        do {
            return (server, try server.listen(inheriting: inherited))
        } catch {
            throw Failure(error)
        }
    }
}

extension ServerConfiguration {
    /// The same with no more connections than `most`.
    fileprivate func limited(to most: Int) -> Self {
        var configuration = self
        configuration.maxConnections = min(maxConnections, most)
        return configuration
    }
}

extension Failure {
    /// Says why a server does not start.
    init(_ error: ServerError) {
        switch error {
        case .invalidAddress(let text): self.init(.settings, "\(text) is no address to listen on")
        case .notAListener(let descriptor):
            self.init(
                .settings,
                "descriptor \(descriptor), which LISTEN_FDS passes, is no listening stream socket; "
                    + "use ListenStream= and Accept=no in the .socket unit")
        case .unknownHost(let name): self.init(.unavailable, "the name \(name) has no address to listen on")
        case .addressInUse(let address):
            self.init(
                .unavailable,
                "\(address) is in use; end who listens there, or set LANYARD_HTTP_LISTEN or LANYARD_MANAGEMENT_LISTEN")
        case .cannotListen(let address, let code):
            self.init(.unavailable, "cannot listen on \(address): \(FileError(code).reason)")
        case .cannotPoll(let code):
            self.init(.unavailable, "cannot start: \(FileError(code).reason)")
        }
    }
}
