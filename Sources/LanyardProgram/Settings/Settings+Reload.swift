// SPDX-License-Identifier: Apache-2.0

extension Settings {
    /// Returns the settings of a running server after it has read `new`: what can change at run time is taken from
    /// there, everything else stays.
    package func adopting(_ new: Settings) -> Settings {
        var merged = self
        merged.http.adopt(new.http, withCertificates: hasTLS == new.hasTLS)
        merged.abuse = new.abuse
        merged.log = new.log
        merged.records = zip(records, new.records).map { isAdopted($1, of: new) ? $1 : $0 }
        return merged
    }

    /// Returns the names of the settings that differ in `new` and that a running server does not take.
    package func needingRestart(for new: Settings) -> [String] {
        zip(records, new.records).filter { $0.text != $1.text && !isAdopted($1, of: new) }.map(\.1.setting.name)
    }

    private func isAdopted(_ record: SettingRecord, of new: Settings) -> Bool {
        guard record.setting.key.hasPrefix("http.tls_") else { return record.setting.traits.contains(.reloads) }
        return hasTLS == new.hasTLS
    }

    /// Whether the listeners speak TLS; a listener cannot change that while it is open.
    var hasTLS: Bool { http.tlsCertificate != nil }
}

extension HTTPSettings {
    /// Takes over what can change at run time.
    fileprivate mutating func adopt(_ new: HTTPSettings, withCertificates: Bool) {
        if withCertificates {
            tlsCertificate = new.tlsCertificate
            tlsKey = new.tlsKey
        }
        allowedOrigins = new.allowedOrigins
        maximumConnections = new.maximumConnections
        maximumConnectionsPerAddress = new.maximumConnectionsPerAddress
        maximumRequestsPerConnection = new.maximumRequestsPerConnection
        handshakeTimeout = new.handshakeTimeout
        headerTimeout = new.headerTimeout
        bodyTimeout = new.bodyTimeout
        idleTimeout = new.idleTimeout
        drainTimeout = new.drainTimeout
    }
}
