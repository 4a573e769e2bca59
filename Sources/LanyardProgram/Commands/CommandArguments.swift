// SPDX-License-Identifier: Apache-2.0

/// What the command line gives, as the parser is to read it.
///
/// Ids of keys and sessions are random base64url, so one in 64 begins with `-` and would be taken for options. Such ids are
/// moved to the end, behind `--`, where nothing is an option.
package struct CommandArguments {
    private let given: [String]

    /// Takes what follows the program's name.
    package init(_ given: some Sequence<String>) {
        self.given = Array(given)
    }

    /// What the parser is given.
    package var forParser: [String] {
        guard !given.contains("--") else { return given }
        let ids = given.filter(Self.isIDLikeAnOption)
        guard !ids.isEmpty else { return given }
        return given.filter { !Self.isIDLikeAnOption($0) } + ["--"] + ids
    }

    private static func isIDLikeAnOption(_ argument: String) -> Bool {
        guard argument.hasPrefix("-"), idLengths.contains(argument.utf8.count) else { return false }
        return argument.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// 128 bits for a session, 256 for the thumbprint of a key.
    private static let idLengths = [22, 43]
}
