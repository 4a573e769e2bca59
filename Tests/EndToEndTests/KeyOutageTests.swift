// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `A store that goes away` {
    @Test func `stops signing within seconds and not the key set, and everything goes on when it is back`() throws {
        let service = try KeyService()
        let server = try service.start()
        let login = try server.logInBob()
        let keys = try server.keySet()
        #expect(try server.get("/readyz").status == 200)

        try FileManager.default.moveItem(
            atPath: service.folder.path(of: "data"), toPath: service.folder.path(of: "away"))
        #expect(try happens(within: .seconds(5)) { try server.get("/readyz").status == 503 })
        for listener in [RunningLanyard.Listener.main, .management] {
            #expect(try server.get("/readyz", from: listener).status == 503)
            #expect(try server.get("/livez", from: listener).status == 200)
        }
        for reply in [try server.logIn("bob", KeyService.password), try server.refresh(login.refreshToken)] {
            try expectProblem(reply, 503, "store_unavailable")
            #expect((reply["retry-after"].flatMap { Int($0) } ?? 0) > 0, "\(reply.fields)")
        }
        #expect(try server.keySet() == keys)
        #expect(!service.folder.contains("data"), "nothing is made in its place")

        try FileManager.default.moveItem(
            atPath: service.folder.path(of: "away"), toPath: service.folder.path(of: "data"))
        #expect(try happens(within: .seconds(5)) { try server.get("/readyz").status == 200 })
        #expect(try server.refresh(login.refreshToken).status == 200)
        #expect(try server.logInBob().kid == login.kid)
        #expect(try server.keySet() == keys)
    }
}
