// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
internal import LanyardBase
internal import LanyardCore
internal import LanyardStore
internal import LanyardWeb
internal import Logging

/// What `SIGHUP` does: reads the settings again and takes what can change at run time; when anything is bad, nothing changes.
final class Reload: Sendable {
    private let settings: Guarded<Settings>
    private let sink: LogSink
    private let servers: Servers
    private let allowedOrigins: Replaceable<AllowedOrigins>
    private let tryLimits: Replaceable<TryLimits?>
    private let certificate: CertificateWatch
    private let reread: @Sendable () throws(SettingsError) -> Settings

    init(
        _ settings: Settings, _ sink: LogSink, _ servers: Servers, _ dependencies: Dependencies,
        _ certificate: CertificateWatch,
        _ reread: @escaping @Sendable () throws(SettingsError) -> Settings
    ) {
        self.settings = Guarded(settings)
        self.sink = sink
        self.servers = servers
        allowedOrigins = dependencies.allowedOrigins
        tryLimits = dependencies.resources.tryLimits
        self.certificate = certificate
        self.reread = reread
    }

    /// Reads and applies.
    func run() {
        let log = sink.logger()
        do throws(Failure) {
            let new = try read()
            let current = settings.withLock { $0 }
            let late = current.needingRestart(for: new)
            let adopted = current.adopting(new)
            let tls = try adopted.tlsContext(environment: Environment.read())
            sink.apply(level: adopted.log.level, format: adopted.log.format)
            servers.apply(adopted, tls: tls)
            certificate.watch(tls)
            allowedOrigins.replace(with: adopted.allowedOrigins)
            tryLimits.replace(with: adopted.abuse.limitsInForce)
            settings.withLock { $0 = adopted }
            log.notice("settings were read again", metadata: ["event": "reload"])
            if let shortage = servers.shortage(of: adopted) {
                log.warning(
                    "\(shortage)",
                    metadata: ["event": "connections_lowered", "setting": "LANYARD_HTTP_MAX_CONNECTIONS"])
            }
            for name in late {
                log.warning(
                    "a changed setting needs a restart", metadata: ["event": "reload", "setting": "\(name)"])
            }
        } catch {
            log.error(
                "settings stay as they are", metadata: ["event": "reload_refused", "reason": "\(error.message)"])
        }
    }

    private func read() throws(Failure) -> Settings {
        do {
            let new = try reread()
            _ = try new.checkFiles(environment: Environment.read())
            return new
        } catch let error as SettingsError {
            throw error.failure
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.bug, "\(error)")
        }
    }
}
