// SPDX-License-Identifier: Apache-2.0

import LanyardStoreSQLite
import Testing

@Suite struct `Text list` {
    static let forms: [([String], String)] = [
        ([], "[]"),
        ([""], #"[""]"#),
        (["a", "b c"], #"["a","b c"]"#),
        (["\"", "\\", "/"], #"["\"","\\","/"]"#),
        (["\u{0}\u{1F}\n\u{7F}"], #"["\u0000\u001f\u000a\#u{7F}"]"#),
        (["é", "e\u{301}", "\u{1F600}"], "[\"é\",\"e\u{301}\",\"\u{1F600}\"]"),
    ]

    @Test(arguments: forms)
    func `is written in one form and read back`(texts: [String], json: String) throws {
        #expect(Array(TextList.encode(texts).utf8) == Array(json.utf8))
        let decoded = try #require(TextList.decode(json))
        #expect(decoded.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    }

    static let others = [
        "", " ", "[", "]", "[]]", "[] ", "{}", "null", "a", "\"a\"", "[a]", #"["a"#, #"["a""#, #"["a",]"#, #"[,"a"]"#,
        #"["a" ,"b"]"#, #"["a""b"]"#, #"["a\"]"#, #"["\n"]"#, #"["\u00"]"#, #"["\u0041"]"#, #"["\u00g0"]"#,
        #"["\u001F"]"#, #"["\u100a"]"#, "[\"\n\"]", #"["a","b""#, #"["a";"b"]"#,
    ]

    @Test(arguments: others)
    func `reads no other form`(json: String) {
        #expect(TextList.decode(json) == nil)
    }
}
