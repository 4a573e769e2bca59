// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Status list vectors` {
    @Test(arguments: StatusVector.all.filter { $0.expectedError == nil })
    func `of good lists are accepted, and say what they should`(vector: StatusVector) throws {
        let list = try vector.list()
        for (index, status) in try vector.values {
            #expect(try list.status(at: index) == status, "\(index)")
        }
        #expect(try !vector.values.isEmpty || list.count == 0)
        for index in vector.outside {
            #expect(throws: TokenError.statusOutOfRange(index: index)) { try list.status(at: index) }
        }
        #expect(try vector.fields["bits"].map { try #require(Int($0)) } ?? list.bits == list.bits)
    }

    @Test(arguments: StatusVector.all.filter { $0.fields["sha256"] != nil })
    func `hold the very list that they should, entry by entry`(vector: StatusVector) throws {
        let list = try vector.list()
        var bytes = [UInt8](repeating: 0, count: Int(list.count) * list.bits / 8)
        for index in 0..<Int(list.count) {
            let value: UInt8 =
                switch try list.status(at: Int64(index)) {
                case .valid: 0
                case .invalid: 1
                case .suspended: 2
                case .other(let value): value
                }
            bytes[index * list.bits / 8] |= value << UInt8(index * list.bits % 8)
        }
        let digest = SHA256.digest(bytes).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        #expect(digest == vector.fields["sha256"])
    }

    @Test(arguments: StatusVector.all.filter { $0.expectedError != nil })
    func `of bad lists are refused for the reason they are bad`(vector: StatusVector) throws {
        let error = try #require(vector.expectedError)
        #expect(throws: error) { try vector.list() }
    }

    @Test(arguments: StatusVector.all.filter { $0.fields["header"] != nil || $0.fields["claims"] != nil })
    func `show what their tokens say`(vector: StatusVector) throws {
        let parts = vector.token.split(separator: UInt8(ascii: "."))
        if let header = vector.fields["header"] {
            #expect(try Base64URL.decode(Array(parts[0])) == Array(header.utf8))
        }
        if let claims = vector.fields["claims"] {
            #expect(try Base64URL.decode(Array(parts[1])) == Array(claims.utf8))
        }
    }

    @Test func `cover every reason that a list alone can give`() {
        let words = Set(StatusVector.all.compactMap { $0.fields["expect"]?.split(separator: " ").dropFirst().first })
        #expect(words.count == 19)
        #expect(StatusVector.all.count >= 90)
    }
}
