// SPDX-License-Identifier: Apache-2.0

/// A generator whose numbers depend on a name alone, so that a failure comes again.
struct NameSeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: String) {
        state = seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Returns `bytes` with one to three of them changed, dropped or doubled.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        let telling = Array("\r\n\t\0 :;,/?%*=\"0159aAfF.[]{}".utf8) + [0x7F, 0xC3, 0xFF]
        var result = bytes
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let place = Int.random(in: 0..<max(1, result.count), using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0 where result.count > 1: result.remove(at: place)
            case 1: result.insert(result[place], at: place)
            case 2: result.insert(telling.randomElement(using: &self) ?? 0, at: place)
            default: result[place] = telling.randomElement(using: &self) ?? 0
            }
        }
        return result
    }
}
