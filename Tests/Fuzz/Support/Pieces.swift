// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The ways in which an input is cut into pieces, each as the places where a piece ends.
package struct Pieces {
    /// Byte by byte, and two ways that depend on the bytes alone, so that a finding comes again.
    ///
    /// With `FUZZ_EVERY_CUT` in the environment also every way to cut into two, which takes the square of the time; of what is
    /// very long those at its lines and at each 29th byte.
    package static func cuts(of bytes: [UInt8]) -> [[Int]] {
        let (one, other, third) = (place(in: bytes, 1), place(in: bytes, 2), place(in: bytes, 3))
        let cuts = [Array(bytes.indices), [one], [other, third].sorted()]
        return cutsEverywhere ? cuts + halves(of: bytes).map { [$0] } : cuts
    }

    private static func halves(of bytes: [UInt8]) -> [Int] {
        guard bytes.count > 10_000 else { return Array(bytes.indices) }
        return bytes.indices.filter { index in
            index % 29 == 0
                || bytes[max(0, index - 3)..<min(bytes.count, index + 3)].contains { $0 == 0x0D || $0 == 0x0A }
        }
    }

    /// A place in `bytes`, or behind them, that depends on the bytes alone.
    package static func place(in bytes: [UInt8], _ number: UInt64) -> Int {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 ^ number) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Int(hash >> 33) % (bytes.count + 1)
    }

    private static let cutsEverywhere = unsafe getenv("FUZZ_EVERY_CUT") != nil
}

/// Ends the process, so that the fuzzer keeps the input.
package func finding(_ what: String, _ one: Any, _ other: Any? = nil, cutAt cuts: [Int]? = nil) -> Never {
    fatalError("\(what)\n\(one)\n\(other ?? "")\n\(cuts.map { "cut at \($0)" } ?? "")")
}

extension [UInt8] {
    /// Copies what the fuzzer hands over.
    package init(fuzzed start: UnsafePointer<UInt8>?, count: Int) {
        self = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}
