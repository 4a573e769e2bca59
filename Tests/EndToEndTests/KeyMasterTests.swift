// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `The master key of a store` {
    private static let first = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    private static let second = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
    private static let third = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8"

    /// The same service with other master keys.
    private func with(_ master: String?, old: String? = nil, _ service: KeyService) -> KeyService {
        var service = service
        service.settings["LANYARD_KEYS_MASTER"] = master ?? ""
        service.settings["LANYARD_KEYS_MASTER_OLD"] = old ?? ""
        return service
    }

    @Test func `is replaced, and no key, session or password is lost`() throws {
        let service = try KeyService(["LANYARD_KEYS_MASTER": Self.first])
        #expect(!service.folder.contains("data/master.key"), "what is given is not written")
        var server = try service.start()
        let login = try server.logInBob()
        let keys = try server.keySet()
        try server.stop()

        let both = with(Self.second, old: Self.first, service)
        let only = with(Self.second, service)
        // The old key may be a file, and what is sealed already is sealed.
        try service.folder.write("old.key", Self.first + "\n")
        var byFile = only
        byFile.settings["LANYARD_KEYS_MASTER_OLD_FILE"] = "old.key"
        for now in [both, byFile, only] {
            server = try now.start()
            #expect(try server.keySet() == keys)
            let answer = try TokenResponse(try server.refresh(login, presenting: login.accessToken))
            #expect(try KeyService.verify(answer.accessToken, by: keys) == login.kid)
            #expect(try server.logInBob().kid == login.kid)
            try server.stop()
        }
        #expect(try only.key("list").ending == .exit(0))

        let before = try service.folder.picture(of: "data")
        try expectRefusal(try run(["serve", "--listen", "127.0.0.1:0"], service), 78)
        try expectRefusal(
            try run(["serve", "--listen", "127.0.0.1:0"], with(Self.third, old: Self.first, service)), 78)
        #expect(try service.folder.picture(of: "data") == before)
    }

    @Test func `that is wrong is refused with a sentence that helps, and nothing is changed`() throws {
        let service = try KeyService()
        let wrong = with(Self.second, service)
        let before = try service.folder.picture(of: "data")
        let commands = [
            ["serve", "--listen", "127.0.0.1:0"], ["key", "list"], ["key", "rotate"], ["key", "rotate", "--now"],
            ["key", "rotate", "--refresh"], ["account", "list"],
        ]
        for command in commands {
            let output = try run(command, wrong)
            try expectRefusal(output, 78)
            #expect(output.standardError.contains("LANYARD_KEYS_MASTER"), "\(output.standardError)")
            #expect(!output.standardError.contains(Self.second))
        }
        #expect(try service.folder.picture(of: "data") == before)
        #expect(try service.start().logInBob().reply.status == 200)
    }

    @Test func `is replaced on one server after the other, while keys rotate`() throws {
        let service = try KeyService(["LANYARD_KEYS_MASTER": Self.first])
        // All are given the new one, so that they can open what will come.
        let patient = try with(Self.first, old: Self.second, service).start()
        let quick = try with(Self.second, old: Self.first, service).start()
        let login = try patient.logInBob()
        let watch = try KeyWatch([patient, quick])
        let swapped = with(Self.second, old: Self.first, service)
        try swapped.order("rotate", "--now", "--in", "5s")
        let next = try swapped.kid("next")
        #expect(watch.waits(for: next))
        let sight = try watch.stop()
        #expect(sight.troubles == [])
        try patient.stop()
        try quick.stop()
        let last = try with(Self.second, service).start()
        #expect(try last.logInBob().kid == next)
        #expect(try last.refresh(login, presenting: login.accessToken).status == 200)
    }

    private func run(_ arguments: [String], _ service: KeyService) throws -> Lanyard.Output {
        try service.run(arguments)
    }
}
