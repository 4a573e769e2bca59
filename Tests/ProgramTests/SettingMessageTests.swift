// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `A refusal of settings` {
    struct Message: CustomTestStringConvertible, Sendable {
        let error: SettingsError, line: String
        var status = ExitStatus.settings
        var testDescription: String { line }
    }

    static let here = SettingOrigin.file(path: "my.env", line: 7)

    @Test(arguments: [
        Message(
            error: .unknownName("LANYARD_X", origin: .environment, nearest: "LANYARD_ISSUER"),
            line: "lanyard: LANYARD_X (environment) is not a setting; the nearest is LANYARD_ISSUER\n"),
        Message(
            error: .foreignName("PATH", origin: here),
            line: "lanyard: PATH (file my.env, line 7) is not a setting; every name begins with LANYARD_\n"),
        Message(
            error: .notASetting(origin: here),
            line: "lanyard: file my.env, line 7: this is not a setting; write NAME=value, or # before a comment\n"),
        Message(
            error: .notAllowed(name: "LANYARD_A", value: "x\ny\u{9B}", origin: .flag, allowed: "true or false"),
            line: #"lanyard: LANYARD_A=x\ny\u009b (flag) is not allowed; use true or false"# + "\n"),
        Message(
            error: .notAllowed(name: "LANYARD_A", value: nil, origin: .environment, allowed: "a key"),
            line: "lanyard: LANYARD_A (environment) is not allowed; use a key\n"),
        Message(
            error: .notAllowed(
                name: "LANYARD_A", value: String(repeating: "é", count: 101), origin: .environment, allowed: "less"),
            line: "lanyard: LANYARD_A=\(String(repeating: "é", count: 100))… (environment) is not allowed; use less\n"),
        Message(
            error: .contradiction(name: "LANYARD_A", origin: .environment, rule: "A must be B"),
            line: "lanyard: LANYARD_A (environment): A must be B\n"),
        Message(
            error: .givenTwice(name: "LANYARD_A", origins: [.environment, here]),
            line:
                "lanyard: LANYARD_A and LANYARD_A_FILE are both set (environment; file my.env, line 7); keep one of them\n"
        ),
        Message(
            error: .unreadable(name: "--config", path: "/p\nq", .missing),
            line: #"lanyard: cannot read /p\nq, which --config names: there is no such file"# + "\n"),
        Message(
            error: .unreadable(name: "LANYARD_KEYS_MASTER_FILE", path: "/k", .notPermitted),
            line: "lanyard: cannot read /k, which LANYARD_KEYS_MASTER_FILE names: permission denied\n",
            status: .noPermission),
        Message(
            error: .exposed(name: "LANYARD_KEYS_MASTER_FILE", path: "/k", mode: 0o44),
            line:
                "lanyard: /k, which LANYARD_KEYS_MASTER_FILE names, holds a secret and has mode 0044; run chmod 600 on it\n"
        ),
    ])
    func `is one line that names the setting, where it came from and what to do`(message: Message) {
        #expect(message.error.failure.line == message.line)
        #expect(message.error.failure.status == message.status)
    }
}
