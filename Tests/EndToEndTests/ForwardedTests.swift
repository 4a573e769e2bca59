// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Whom `X-Forwarded-For` is believed, as log lines and the networks of sessions show it.
@Suite(
    .server(
        "--dev", settings: ["LANYARD_HTTP_TRUSTED_PROXIES": "127.0.0.1/32,10.0.0.0/8", "LANYARD_LOG_FORMAT": "json"]))
struct `X-Forwarded-For` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test(arguments: [
        (["203.0.113.7"], "203.0.113.7", "203.0.113.0/24"),
        (["198.51.100.1, 203.0.113.7, 10.1.2.3"], "203.0.113.7", "203.0.113.0/24"),
        (["198.51.100.1", "203.0.113.7:4711", "10.1.2.3"], "203.0.113.7", "203.0.113.0/24"),
        (["[2001:db8:1:2::3]:4711"], "2001:db8:1:2::3", "2001:db8:1::/48"),
        (["203.0.113.7, unknown"], "127.0.0.1", "127.0.0.0/24"),
        ([], "127.0.0.1", "127.0.0.0/24"),
    ])
    func `is believed from a trusted proxy`(values: [String], client: String, network: String) throws {
        let fields = values.map { "X-Forwarded-For: \($0)" }
        let login = try RawConnection(port: server.port).logInAlice(fields: fields)
        #expect(try server.client(of: login) == client)
        #expect(try server.network(of: login) == network)
        let refresh = try server.refresh(TokenResponse(login).refreshToken, fields: fields)
        #expect(try server.client(of: refresh) == client)
        #expect(try server.logLines(of: "forwarded_ignored").isEmpty)
    }

    @Test func `is not believed from others, which the log says once`() throws {
        let server = try RunningLanyard(
            ["--dev"], settings: ["LANYARD_HTTP_TRUSTED_PROXIES": "127.0.0.2/32", "LANYARD_LOG_FORMAT": "json"])
        let fields = ["X-Forwarded-For: 203.0.113.7"]
        for _ in 1...3 {
            let login = try RawConnection(port: server.port).logInAlice(fields: fields)
            #expect(try server.client(of: login) == "127.0.0.1")
            #expect(try server.network(of: login) == "127.0.0.0/24")
        }
        let lines = try server.logLines(of: "forwarded_ignored")
        #expect(lines.count == 1)
        #expect(try lines.first?.string("level") == "warning")
        #expect(try lines.first?.string("peer_ip") == "127.0.0.1")
        #expect(try lines.first?.string("setting") == "LANYARD_HTTP_TRUSTED_PROXIES")

        let proxy = try RawConnection(port: server.port, from: .loopback(port: 0, host: 2))
        #expect(try server.client(of: proxy.logInAlice(fields: fields)) == "203.0.113.7", "the address counts")
    }

    @Test func `is always believed on a socket file`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        let server = try RunningLanyard(
            ["--dev"], settings: ["LANYARD_LOG_FORMAT": "json"], in: folder, listen: "127.0.0.1:0,unix:\(file)")
        let proxied = try RawConnection(path: file).logInAlice(
            fields: ["X-Forwarded-For: 198.51.100.1, 203.0.113.7"])
        #expect(try server.client(of: proxied) == "203.0.113.7")
        #expect(try server.network(of: proxied) == "203.0.113.0/24")
        let direct = try RawConnection(path: file).logInAlice()
        #expect(try server.client(of: direct) == "unix")
        #expect(try server.network(of: direct) == nil)
        #expect(try server.logLines(of: "forwarded_ignored").isEmpty)
    }

    @Test(.enabled(if: Proxies.nginx != nil, "nginx is installed (Debian: nginx)"))
    func `is believed as nginx writes it, whatever its client wrote`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        let server = try RunningLanyard(
            ["--dev"], settings: ["LANYARD_HTTP_TRUSTED_PROXIES": "127.0.0.1/32", "LANYARD_LOG_FORMAT": "json"],
            in: folder, listen: "127.0.0.1:0,unix:\(file)")
        let front = try ListeningSocket()
        let nginx = try Proxies.startNginx(
            """
            http {
                access_log off;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                server {
                    listen 127.0.0.1:\(front.port);
                    server_name tcp;
                    location / { proxy_pass http://127.0.0.1:\(server.port); }
                }
                server {
                    listen 127.0.0.1:\(front.port);
                    server_name file;
                    location / { proxy_pass http://unix:\(file); }
                }
            }
            """, at: front, in: folder)
        defer {
            nginx.send(SIGTERM)
            _ = try? nginx.waitForEnd()
        }
        for name in ["tcp", "file"] {
            let client = try RawConnection(port: front.port, from: .loopback(port: 0, host: 9))
            let login = try client.logInAlice(at: name, fields: ["X-Forwarded-For: 203.0.113.7"])
            #expect(login.status == 200, "\(nginx.standardError.text)")
            #expect(try server.client(of: login) == "127.0.0.9")
        }
    }
}
