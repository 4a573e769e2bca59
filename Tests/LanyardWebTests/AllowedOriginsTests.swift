// SPDX-License-Identifier: Apache-2.0

import LanyardWeb
import Testing

@Suite struct `Allowed origins` {
    static let production = AllowedOrigins(["https://app.example.com"], allowsLoopback: false)
    static let development = AllowedOrigins([], allowsLoopback: true)

    @Test(arguments: [
        "null", "https://app.example.com/", "https://app.example.com:443", "http://app.example.com",
        "https://APP.example.com", "https://app.example.com.evil.test", "https://evil.test", "",
        "http://localhost:3000",
    ])
    func `are compared byte for byte`(origin: String) {
        #expect(!Self.production.contains(Array(origin.utf8)))
        #expect(Self.production.contains(Array("https://app.example.com".utf8)))
    }

    @Test(arguments: [
        "http://localhost", "http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:65535", "http://[::1]",
    ])
    func `are every port of this machine in development`(origin: String) {
        #expect(Self.development.contains(Array(origin.utf8)))
    }

    @Test(arguments: [
        "https://localhost:3000", "http://localhost.evil.test", "http://localhost:", "http://localhost:80a",
        "http://localhost:123456", "http://localhost:3000/", "http://127.0.0.1.evil.test", "http://127.0.0.2", "null",
    ])
    func `are nothing else in development`(origin: String) {
        #expect(!Self.development.contains(Array(origin.utf8)))
    }
}
