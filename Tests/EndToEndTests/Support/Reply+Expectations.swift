// SPDX-License-Identifier: Apache-2.0

import Testing

/// Expects what every answer of the server must have, whatever it says.
func expectUsualFields(_ reply: Reply, sourceLocation: SourceLocation = #_sourceLocation) {
    let id = reply["x-request-id"] ?? ""
    #expect(
        id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil,
        "X-Request-Id is a UUID of version 4 in \(reply.fields)", sourceLocation: sourceLocation)
    #expect(reply["date"]?.hasSuffix(" GMT") == true, "RFC 9110 §6.6.1", sourceLocation: sourceLocation)
    #expect(reply["x-content-type-options"] == "nosniff", sourceLocation: sourceLocation)
    #expect(reply["cache-control"] != nil, "\(reply.fields)", sourceLocation: sourceLocation)
    for name in Set(reply.fields.map(\.name)) where name != "vary" && name != "set-cookie" {
        #expect(reply.values(of: name).count == 1, "\(name) twice", sourceLocation: sourceLocation)
    }
    if !reply.body.isEmpty {
        #expect(reply["content-type"] != nil, sourceLocation: sourceLocation)
    }
}

/// Expects a problem document (RFC 9457) with a status and a code word, and everything that belongs to it.
func expectProblem(
    _ reply: Reply, _ status: Int, _ word: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    expectUsualFields(reply, sourceLocation: sourceLocation)
    #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(reply["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    #expect(reply["cache-control"] == "no-store", sourceLocation: sourceLocation)
    let problem = try JSONObject(reply.body)
    #expect(
        problem.names == ["type", "title", "status", "detail", "instance", "error"], sourceLocation: sourceLocation)
    #expect(try problem.string("error") == word, sourceLocation: sourceLocation)
    #expect(try problem.integer("status") == status, sourceLocation: sourceLocation)
    #expect(
        try problem.string("instance") == "urn:uuid:" + (reply["x-request-id"] ?? ""), sourceLocation: sourceLocation)
    #expect(try !problem.string("type").isEmpty, sourceLocation: sourceLocation)
    #expect(try !problem.string("title").isEmpty, sourceLocation: sourceLocation)
    #expect(try !problem.string("detail").isEmpty, sourceLocation: sourceLocation)
    if status == 401 {
        #expect(reply["www-authenticate"]?.hasPrefix("Bearer realm=\"") == true, sourceLocation: sourceLocation)
    }
}
