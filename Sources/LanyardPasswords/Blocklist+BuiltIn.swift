// SPDX-License-Identifier: Apache-2.0

extension Blocklist {
    /// The list that is used unless another is given.
    ///
    /// ``FrequentPasswords`` are short, as passwords were when they leaked; where 15 characters are asked for, people take the
    /// same words twice, or with digits behind, or walk on along the keyboard. So the list holds these forms too. Made when first used, which
    /// takes about as long as a hash.
    ///
    /// Source: OWASP ASVS 5.0 6.2.4: at least the 3,000 most frequent of those that the policy's length lets through.
    package static let builtIn = Blocklist(keys: builtInPasswords)

    /// The entries of ``builtIn``, in lower case; some more than once.
    package static var builtInPasswords: [String] {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
        let frequent = FrequentPasswords.text.utf8.split(whereSeparator: isBlank).map { String(Substring($0)) }
        let lengthened = frequent.prefix(FrequentPasswords.wordCount).flatMap { repeated($0) + withDigits($0) }
        return frequent + lengthened + walks.flatMap(stretches) + phrases
    }

    /// The word twice and more, as long as that gives 32 characters at most.
    private static func repeated(_ word: String) -> [String] {
        let most = max(1, 32 / word.utf8.count)
        return (1...most).dropFirst().map { String(repeating: word, count: $0) }
    }

    /// The word before and behind a run of digits that makes it 15 characters or more.
    private static func withDigits(_ word: String) -> [String] {
        digitRuns.filter { word.utf8.count + $0.utf8.count >= 15 }.flatMap { [word + $0, $0 + word] }
    }

    /// The first 8, 9, 10 … characters of a walk.
    private static func stretches(of walk: String) -> [String] {
        (8...max(8, walk.utf8.count)).map { String(walk.prefix($0)) }
    }

    private static let digitRuns = [
        "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "123123", "111", "1111",
        "111111", "123321", "12345678910",
    ]

    private static let walks = [
        "12345678901234567890123456789012", "01234567890123456789012345678901", "09876543210987654321098765432109",
        "98765432109876543210987654321098", "98765432101234567890", "12345678910111213141516171819202",
        "123456789987654321",
        "1234567890987654321", "12345678900987654321", "11223344556677889900", "111222333444555666777888999000",
        "122333444455555666666", "11111111111111111111111111111111", "00000000000000000000000000000000",
        "99999999999999999999999999999999", "abcdefghijklmnopqrstuvwxyz1234567890",
        "zyxwvutsrqponmlkjihgfedcba", "aabbccddeeffgghhiijj", "abc123def456ghi789jkl", "a1b2c3d4e5f6g7h8i9j0",
        "1a2b3c4d5e6f7g8h9i0j", "qwertyuiopasdfghjklzxcvbnm1234567890", "qwertyuiop1234567890", "qwertyuiop0987654321",
        "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1234567890qwertyuiopasdfghjklzxcvbnm", "1234567890-=qwertyuiop[]",
        "poiuytrewqlkjhgfdsamnbvcxz", "mnbvcxzlkjhgfdsapoiuytrewq", "zxcvbnmasdfghjklqwertyuiop",
        "asdfghjklqwertyuiopzxcvbnm",
        "asdfghjklzxcvbnmqwertyuiop", "asdfghjkl;'zxcvbnm", "zxcvbnm,./asdfghjkl;'",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
        "1qazxsw23edcvfr45tgbnhy67ujm", "zaq12wsxcde34rfvbgt56yhn", "zaq1xsw2cde3vfr4bgt5nhy6mju7",
        "qazwsxedcrfvtgbyhnujmikolp",
        "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0a1s2d3f4", "qweasdzxc123qweasdzxc",
        "qwe123asd456zxc789",
        "qweqweqweasdasdasdzxczxczxc", "qwerasdfzxcv1234", "1234qwerasdfzxcvtgb", "qwertasdfgzxcvbyuiop",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn", "!@#$%^&*()_+!@#$%^&*", "!qaz@wsx#edc$rfv%tgb^yhn", "йцукенгшщзфывапролдячсмить",
    ]

    private static let phrases = [
        "correct horse battery staple", "correcthorsebatterystaple", "correct-horse-battery-staple",
        "correct.horse.battery.staple",
        "correct_horse_battery_staple", "battery horse staple correct", "thequickbrownfox", "the quick brown fox",
        "thequickbrownfoxjumps", "the quick brown fox jumps over the lazy dog", "thequickbrownfoxjumpsoverthelazydog",
        "maytheforcebewithyou", "may the force be with you", "iloveyouforever", "iloveyousomuch", "i love you so much",
        "iloveyouverymuch", "iloveyou4ever123", "ilovemyhusband", "ilovemyfamily", "ilovemymother", "iloveyoumother",
        "iloveyoubaby123",
        "letmeinletmein", "letmeinplease", "openthisdoornow", "opensesameopensesame", "thisismypassword",
        "this is my password",
        "thisisapassword", "this is a password", "mypasswordispassword", "mypassword123456", "mysecretpassword",
        "my secret password",
        "supersecretpassword", "secretpassword", "verysecurepassword", "securepassword123", "averylongpassword",
        "a very long password", "averysecurepassword", "areallylongpassword", "longpassword1234", "passwordpassword",
        "password password",
        "passwordpassword1", "password123password", "password123password123", "passw0rdpassw0rd", "p@ssw0rdp@ssw0rd",
        "p@ssword12345678",
        "p@ssw0rd12345678", "p@ssw0rd123456789", "pa$$w0rd12345678", "passwordispassword", "passwordstandard",
        "newpassword12345",
        "temporarypassword", "defaultpassword", "default password", "defaultpassword1", "changemechangeme",
        "changemeplease", "change me please",
        "pleasechangeme", "please change me", "changethispassword", "administrator", "administrator1",
        "administrator123", "administrator1234",
        "administrator12345", "administratoradministrator", "adminadminadmin", "adminpassword123", "rootpassword1234",
        "welcome12345678",
        "welcomewelcome", "welcometothejungle", "letmeinwelcome12", "godisgoodallthetime", "jesusismysavior",
        "jesuslovesme123",
        "jesuschristislord", "tobeornottobe", "to be or not to be", "twinkletwinklelittlestar", "onceuponatime",
        "once upon a time",
        "manchesterunited", "manchester united", "liverpoolfootballclub", "dallascowboys123", "pittsburghsteelers",
        "harrypotter12345",
        "spongebobsquarepants", "teenagemutantninjaturtles", "supercalifragilisticexpialidocious", "abracadabra12345",
        "nevergonnagiveyouup",
        "never gonna give you up", "hellohellohello", "helloworldhelloworld", "hello world hello world",
        "testtesttesttest",
        "testpassword1234", "thisisatest12345", "thisisasecret123", "computercomputer", "internetinternet",
        "blinkblinkblink",
    ]
}
