// SPDX-License-Identifier: Apache-2.0

/// Finds passwords that are long only because something short was made longer.
///
/// Crackers apply rules to words: they repeat, append digits and walk along the keyboard. A blocklist cannot hold all
/// results, so the password is taken apart, and what remains is judged. All texts are spelled as they are compared
/// (``Swift/String/caselessKey``).
struct PasswordPatterns {
    /// Whether a text is a word that is tried first: on the blocklist, or what the account or the service is known by.
    let isWord: (String) -> Bool

    /// Returns whether `key` is a pattern, in at most a few thousand steps for any length that a policy accepts.
    func contains(_ key: String) -> Bool {
        let characters = Array(key)
        return isRepetition(characters) || isDecoratedWord(characters) || isRuns(characters)
    }

    /// One short sequence repeated, or one word, whatever its length: `abc1abc1abc1abc1`, `alicelicealice…`.
    ///
    /// The last repetition may be cut off.
    private func isRepetition(_ characters: [Character]) -> Bool {
        guard let period = Self.period(of: characters), period * 2 <= characters.count else { return false }
        return period <= Self.shortSequence || isDecoratedWord(Array(characters.prefix(period)))
    }

    /// A word between digits and punctuation, or the same word again and again with them in between.
    private func isDecoratedWord(_ characters: [Character]) -> Bool {
        let letters = characters.split { !$0.isLetter }
        guard let first = letters.first else { return false }
        if Self.wordLengths.contains(first.count), letters.allSatisfy({ $0 == first }),
            isWord(String(first)) || isRepeatedWord(Array(first))
        {
            return true
        }
        // Words of the list hold digits and marks too: "abc123", "p@ssw0rd". What is left of them, or right, holds none.
        guard let start = characters.firstIndex(where: \.isLetter), let end = characters.lastIndex(where: \.isLetter)
        else { return false }
        let starts = Self.places(in: 0...start), ends = Self.places(in: end...(characters.count - 1))
        return starts.contains { start in
            ends.contains { end in
                Self.wordLengths.contains(end - start + 1) && isWord(String(characters[start...end]))
            }
        }
    }

    private func isRepeatedWord(_ characters: [Character]) -> Bool {
        guard let period = Self.period(of: characters), characters.count.isMultiple(of: period) else { return false }
        return period < characters.count && isWord(String(characters.prefix(period)))
    }

    /// Mostly runs: one character again and again, or neighbours in the alphabet or on the keyboard.
    ///
    /// A repeated character counts once, and a walk as two characters, which say where it begins and ends. What is at most
    /// half as long then, and shorter than the shortest password under any policy, is a pattern.
    private func isRuns(_ characters: [Character]) -> Bool {
        let most = min(PasswordPolicy.leastMinimumLength - 1, characters.count / 2)
        var length = 0
        var index = 0
        while index < characters.count, length <= most {
            let run = Self.run(in: characters, at: index)
            length += run.worth
            index += run.length
        }
        return length <= most
    }

    /// The run at `index`, and how many characters it counts as; one character if no run begins there.
    private static func run(in characters: [Character], at index: Int) -> (length: Int, worth: Int) {
        let first = characters[index]
        let same = characters[index...].prefix { $0 == first }.count
        if same >= shortestRepeat { return (same, 1) }
        var longest = 1
        for place in walkPlaces[first] ?? [] {
            let walk = walks[place.walk]
            for step in [1, -1] {
                var length = 1
                while index + length < characters.count, walk.indices.contains(place.index + length * step),
                    walk[place.index + length * step] == characters[index + length]
                {
                    length += 1
                }
                longest = max(longest, length)
            }
        }
        return longest >= shortestWalk ? (longest, 2) : (1, 1)
    }

    /// Returns after how many characters `characters` begin again, up to the end; `nil` for none.
    private static func period(of characters: [Character]) -> Int? {
        // The failure function of Knuth, Morris and Pratt gives the longest border.
        var borders = [0]
        for index in characters.indices.dropFirst() {
            var border = borders[index - 1]
            while border > 0, characters[border] != characters[index] { border = borders[border - 1] }
            borders.append(characters[border] == characters[index] ? border + 1 : 0)
        }
        guard let border = borders.last, !characters.isEmpty else { return nil }
        return characters.count - border
    }

    /// The few places nearest to the letters, so that a password of many digits costs no more than another.
    private static func places(in range: ClosedRange<Int>) -> [Int] {
        let near = 12
        return range.count <= 2 * near ? Array(range) : Array(range.prefix(near)) + Array(range.suffix(near))
    }

    /// The longest sequence, in characters, of which a repetition is no password whatever the sequence is.
    private static let shortSequence = 8
    /// How long words are that are looked up.
    private static let wordLengths = 3...64
    private static let shortestRepeat = 3
    private static let shortestWalk = 4

    private static let walks: [[Character]] = [
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "01234567890123456789", "12345678901234567890",
        "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiopü+", "yxcvbnm,.-", "azertyuiop", "qsdfghjklm",
        "wxcvbn", "`1234567890-=", "~!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p",
        "!qaz@wsx#edc$rfv%tgb^yhn&ujm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    ].map(Array.init)

    /// Where each character occurs in the walks.
    private static let walkPlaces: [Character: [(walk: Int, index: Int)]] = {
        var places: [Character: [(walk: Int, index: Int)]] = [:]
        for (number, walk) in walks.enumerated() {
            for (index, character) in walk.enumerated() { places[character, default: []].append((number, index)) }
        }
        return places
    }()
}
