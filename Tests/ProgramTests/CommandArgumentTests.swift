// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `The arguments of a command` {
    static let kid = "-8_iUTgBOeXnkuv_4WFKUNsyDGwIg36_t13ViV1-1Jw"
    static let session = "-_4WFKUNsyDGwIg36_t13V"

    @Test(arguments: [
        (["key", "export", kid, "--pem"], ["key", "export", "--pem", "--", kid]),
        (["session", "revoke", session], ["session", "revoke", "--", session]),
        (["key", "revoke", "--", kid], ["key", "revoke", "--", kid]),
        (["key", "list", "--json"], ["key", "list", "--json"]),
        (["account", "add", "bob", "--password-stdin"], ["account", "add", "bob", "--password-stdin"]),
        (["token", "decode", "-"], ["token", "decode", "-"]),
        ([String](), [String]()),
    ])
    func `may be ids that look like options`(given: [String], expected: [String]) {
        #expect(CommandArguments(given).forParser == expected)
    }
}
