// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The proxies of others that are put in front of the server.
enum Proxies {
    static let nginx = installed("/usr/sbin/nginx")
    /// nginx's module for bytes that are no HTTP.
    static let nginxStreamModule = installed("/usr/lib/nginx/modules/ngx_stream_module.so")
    static let haproxy = installed("/usr/sbin/haproxy")

    /// Starts nginx with one block of configuration, whose listener is `front`.
    ///
    /// By `NGINX`, the variable of its own seamless restarts, it inherits the socket, so no port has to be free twice. It is
    /// ended with `SIGTERM`, which ends its worker too.
    static func startNginx(_ block: String, at front: ListeningSocket, in folder: TemporaryFolder) throws
        -> ChildProcess
    {
        let module = nginxStreamModule.map { "load_module \($0);\n" } ?? ""
        let isHTTP = block.hasPrefix("http {")
        let body = isHTTP ? block.replacing("http {", with: httpBlock(in: folder), maxReplacements: 1) : block
        try folder.write(
            "nginx.conf",
            """
            \(isHTTP ? "" : module)daemon off;
            pid \(folder.path)/nginx.pid;
            error_log stderr info;
            # Where root runs the tests, the socket file is root's.
            user root;
            worker_processes 1;
            events { worker_connections 64; }
            \(body)
            """)
        return try runNginx(["-c", folder.path(of: "nginx.conf")], at: front, in: folder)
    }

    /// Starts nginx with `Config/nginx.conf`, its addresses replaced as the file says.
    static func startNginx(
        before application: UInt16, and lanyard: UInt16, at front: ListeningSocket, in folder: TemporaryFolder
    ) throws -> ChildProcess {
        let file = String(
            decoding: try TemporaryFolder.bytes(at: Lanyard.repository + "/Config/nginx.conf"), as: UTF8.self)
        var lines = file.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            !line.trimmingPrefix(while: { $0 == " " }).hasPrefix("ssl_")
        }.joined(separator: "\n")
        for (old, new) in [
            ("listen 443 ssl;", "listen 127.0.0.1:\(front.port);"),
            ("server 127.0.0.1:8080;", "server 127.0.0.1:\(lanyard);"),
            ("server 127.0.0.1:3000;", "server 127.0.0.1:\(application);"),
            ("http {\n", httpBlock(in: folder) + "\n"),
        ] {
            guard lines.contains(old) else { throw Failure("\(old) is not in the file") }
            lines = lines.replacing(old, with: new)
        }
        try folder.write("nginx.conf", lines)
        let globals = "daemon off; pid \(folder.path)/nginx.pid; error_log stderr info; user root;"
        return try runNginx(["-c", folder.path(of: "nginx.conf"), "-g", globals], at: front, in: folder)
    }

    /// The beginning of a block whose temporary files are in `folder`.
    private static func httpBlock(in folder: TemporaryFolder) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { name in
            "\(name)_temp_path \(folder.path)/nginx-\(name);"
        }
        return "http { " + temporary.joined(separator: " ")
    }

    private static func runNginx(
        _ arguments: [String], at front: ListeningSocket, in folder: TemporaryFolder
    ) throws -> ChildProcess {
        try ChildProcess(
            ChildProcess.Invocation(
                executable: nginx ?? "", arguments: ["-p", folder.path] + arguments,
                environment: Lanyard.environment.merging(["NGINX": "3;"]) { $1 }, folder: folder.path, sockets: [front])
        )
    }

    /// Starts haproxy, which passes on to `server` what comes to `front`.
    static func startHAProxy(
        _ options: String, to server: String, at front: ListeningSocket, in folder: TemporaryFolder
    ) throws -> ChildProcess {
        try folder.write(
            "haproxy.cfg",
            """
            defaults
                mode tcp
                timeout connect 30s
                timeout client 30s
                timeout server 30s
            listen front
                bind fd@3
                server lanyard \(server) \(options)

            """)
        return try ChildProcess(
            ChildProcess.Invocation(
                executable: haproxy ?? "", arguments: ["-db", "-f", folder.path(of: "haproxy.cfg")],
                environment: Lanyard.environment, folder: folder.path, sockets: [front]))
    }

    private static func installed(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
