// SPDX-License-Identifier: Apache-2.0

import LanyardCore
import LanyardHTTP
import LanyardProgram
import Testing

@Suite struct `Settings beside inherited listeners` {
    private func settings(
        _ public: [String], management: [String] = [], _ environment: [String: String] = [:],
        isDevelopment: Bool = false
    ) throws -> Settings {
        let variables = environment.map { ("LANYARD_" + $0, $1) }
        var sources = SettingSources(
            environment: Dictionary(uniqueKeysWithValues: variables), isDevelopment: isDevelopment)
        sources.inherited.public = try `public`.map { try ListenAddress($0) }
        sources.inherited.management = try management.map { try ListenAddress($0) }
        return try Settings(from: sources)
    }

    @Test func `listen there and not where they say`() throws {
        let settings = try settings(["192.0.2.1:80", "[::1]:81"], ["HTTP_LISTEN": "0.0.0.0:1"])
        #expect(settings.http.listen.map(\.description) == ["192.0.2.1:80", "[::1]:81"])
        #expect(settings.issuer(port: 80).text == "http://192.0.2.1:80")
        #expect(settings.management.listen?.description == "127.0.0.1:81")
    }

    @Test func `take each interface for itself`() throws {
        let management = try settings([], management: ["unix:/run/m"], ["MANAGEMENT_LISTEN": "off"])
        #expect(management.http.listen.map(\.description) == ["127.0.0.1:8080"])
        #expect(management.management.listen?.description == "unix:/run/m")
        #expect(management.issuer(port: 8_080).text == "http://127.0.0.1:8080")
        let both = try settings(["127.0.0.1:65535"], management: ["127.0.0.1:2"])
        #expect(
            both.management.listen?.description == "127.0.0.1:2", "there is no port behind 65535, and none is needed")
    }

    @Test(arguments: ["unix:/run/lanyard.sock", "0.0.0.0:80", "[::]:80"])
    func `need an issuer where clients cannot be told the first one`(first: String) throws {
        do throws(any Error) {
            _ = try settings([first, "127.0.0.1:80"])
            Issue.record("accepted")
        } catch SettingsError.contradiction(let name, origin: .fallback, let rule) {
            #expect(name == "LANYARD_ISSUER")
            #expect(rule.contains(first))
        }
        _ = try settings([first], ["ISSUER": "https://auth.example"])
        _ = try settings(["127.0.0.1:80", first])
    }

    @Test func `of development still hold by loopback`() throws {
        #expect(try settings(["127.0.0.1:80"], isDevelopment: true).issuer(port: 80).text == "http://localhost:80")
        #expect(throws: SettingsError.self) { try settings(["192.0.2.1:80"], isDevelopment: true) }
    }
}
