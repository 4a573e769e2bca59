// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `A list of roles` {
    /// What two lists have to do with each other; each list is of words with blanks between them.
    struct Pair: CustomTestStringConvertible, Sendable {
        let left: String, right: String
        let both: String, leftAlone: String, all: String
        var isSubset = false

        static func roles(_ words: String) -> Roles { Roles(distinct: words.split(separator: " ").map(String.init)) }

        var testDescription: String { "\(left) | \(right)" }
    }

    static let pairs = [
        Pair(left: "", right: "", both: "", leftAlone: "", all: "", isSubset: true),
        Pair(left: "", right: "a", both: "", leftAlone: "", all: "a", isSubset: true),
        Pair(left: "a", right: "", both: "", leftAlone: "a", all: "a"),
        Pair(left: "a b", right: "b a", both: "a b", leftAlone: "", all: "a b", isSubset: true),
        Pair(left: "c a", right: "a b c", both: "c a", leftAlone: "", all: "c a b", isSubset: true),
        Pair(left: "a b c", right: "c a", both: "a c", leftAlone: "b", all: "a b c"),
        Pair(left: "a b", right: "c d", both: "", leftAlone: "a b", all: "a b c d"),
        Pair(left: "a A", right: "A", both: "A", leftAlone: "a", all: "a A"),
        // One word in two spellings is two roles.
        Pair(
            left: "caf\u{E9} x", right: "cafe\u{301} x", both: "x", leftAlone: "caf\u{E9}",
            all: "caf\u{E9} x cafe\u{301}"),
    ]

    @Test(arguments: pairs)
    func `is compared with another in its own order`(pair: Pair) {
        let (left, right) = (Pair.roles(pair.left), Pair.roles(pair.right))
        #expect(left.intersection(right) == Pair.roles(pair.both))
        #expect(left.subtracting(right) == Pair.roles(pair.leftAlone))
        #expect(left.union(right) == Pair.roles(pair.all))
        #expect(left.isSubset(of: right) == pair.isSubset)
        for role in left { #expect(right.contains(role) == left.intersection(right).contains(role)) }
    }

    @Test func `is equal to the same roles in the same order alone`() {
        #expect(["a", "b"] as Roles == ["a", "b"])
        #expect(["a", "b"] as Roles != ["b", "a"])
        #expect(["a"] as Roles != ["a", "b"])
        #expect(["caf\u{E9}"] as Roles != ["cafe\u{301}"])
    }

    @Test func `has a role that is given twice once, in its first place`() throws {
        #expect(try Roles(checking: ["b", "a", "b", "b", "c", "a"]).texts == ["b", "a", "c"])
        #expect(Roles(distinct: ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}"]).count == 2)
        #expect((["a", "b", "a"] as Roles).texts == ["a", "b"])
    }

    @Test func `is checked to be of words`() throws {
        #expect(try Roles(checking: []).isEmpty)
        #expect(try Roles(checking: ["admin", "a.b_c:d-9"]) == ["admin", "a.b_c:d-9"])
        for text in ["", "two words", "caf\u{E9}", "a,b", String(repeating: "x", count: 65)] {
            #expect(throws: NotAWord(text: text)) { try Roles(checking: ["admin", text, "/"]) }
        }
    }

    @Test func `is read one by one, and kept as it came`() {
        let roles = Roles(trusted: ["b", "a"])
        #expect(Array(roles) == ["b", "a"])
        #expect(roles.texts == ["b", "a"])
        #expect(roles.first == "b")
        #expect(roles.joined(separator: ",") == "b,a")
        let late: Roles = roles.filter { $0 > "a" }
        #expect(late == ["b"])
        let all: Roles = roles.filter { _ in true }
        #expect(all == roles)
    }

    @Test func `takes as many bytes as in JSON`() {
        #expect(([] as Roles).byteCount == 0)
        #expect((["ab", "caf\u{E9}"] as Roles).byteCount == #""ab","café","#.utf8.count)
    }
}
