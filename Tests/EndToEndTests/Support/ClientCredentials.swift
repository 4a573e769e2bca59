// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `lanyard client add` prints.
struct ClientCredentials {
    let id: String
    let secret: String

    init(_ output: Lanyard.Output) throws {
        guard output.ending == .exit(0),
            let match = output.standardOutput.wholeMatch(of: /client_id: (\S+)\nclient_secret: (\S+)\n/)
        else { throw Failure("no client: \(output)") }
        id = String(match.1)
        secret = String(match.2)
    }

    /// The field line that authenticates the client.
    var basic: String { "Authorization: Basic \(Data("\(id):\(secret)".utf8).base64EncodedString())" }
}

extension RunningLanyard {
    /// Adds a service client to the store of this server.
    func addClient(_ name: String, _ more: String..., settings: [String: String] = [:]) throws -> ClientCredentials {
        try ClientCredentials(try run(["client", "add", name] + more, settings: settings))
    }

    /// Posts a form.
    func post(form: String, to target: String, fields: [String] = []) throws -> Reply {
        try post(target, form, type: "application/x-www-form-urlencoded", fields: fields)
    }
}
