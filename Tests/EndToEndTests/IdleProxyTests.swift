// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

/// The idle timeouts of `Config/nginx.conf` and of the settings, next to each other.
@Suite struct `A proxy that keeps idle connections` {
    /// The seconds that both keep a connection by default.
    private static func defaults() throws -> (nginx: Double, lanyard: Double) {
        let file = String(
            decoding: try TemporaryFolder.bytes(at: Lanyard.repository + "/Config/nginx.conf"), as: UTF8.self)
        let proxy = try #require(file.firstMatch(of: /keepalive_timeout (\d+)s;/))
        let folder = try TemporaryFolder()
        let printed = try Lanyard.run(["config", "print"], in: folder).standardOutput
        let own = try #require(printed.firstMatch(of: /LANYARD_HTTP_IDLE_TIMEOUT=(\d+)s/))
        return (try #require(Double(proxy.1)), try #require(Double(own.1)))
    }

    @Test func `closes them before Lanyard does`() throws {
        let (nginx, lanyard) = try Self.defaults()
        #expect(nginx + 10 <= lanyard)
    }

    /// The same with less time, over and over: no request meets a connection that Lanyard closes.
    @Test(.enabled(if: Proxies.nginx != nil, "nginx is installed (Debian: nginx)"))
    func `loses no POST`() throws {
        let (nginx, lanyard) = try Self.defaults()
        let scale = 15.0
        let server = try RunningLanyard(settings: ["LANYARD_HTTP_IDLE_TIMEOUT": "\(Int(lanyard / scale))s"])
        let front = try ListeningSocket()
        let process = try Proxies.startNginx(
            """
            http {
                access_log off;
                upstream lanyard {
                    server 127.0.0.1:\(server.port);
                    keepalive 64;
                    keepalive_timeout \(Int(nginx / scale * 1_000))ms;
                }
                server {
                    listen 127.0.0.1:\(front.port);
                    location / {
                        proxy_pass http://lanyard;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """, at: front, in: server.folder)
        defer {
            process.send(SIGTERM)
            _ = try? process.waitForEnd()
        }
        let port = front.port
        let statuses = Mutex<[Int]>([])
        let workers = Workers(of: 24) { worker in
            // The requests find connections of others that are about to be closed, by either side.
            let round = statuses.withLock(\.count)
            usleep(UInt32(1_000_000 * (nginx / scale - 1 + Double((worker * 5 + round * 7) % 16) / 7)))
            let connection = try RawConnection(port: port)
            try connection.send(
                "POST /refresh HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 21\r\n\r\n{\"refresh_token\":\"x\"}")
            let status = try connection.reply().status
            statuses.withLock { $0.append(status) }
        }
        try workers.wait(forRounds: 96)
        try workers.stop()
        let all = statuses.withLock(\.self)
        #expect(all.count >= 96)
        #expect(all.allSatisfy { $0 == 401 }, "\(all)")
    }
}
