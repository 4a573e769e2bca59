// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardVerifier
import Testing

@Suite struct `Token vectors` {
    @Test(arguments: TokenVector.all.filter { $0.expectedError == nil })
    func `of good tokens are accepted`(vector: TokenVector) throws {
        let token = try vector.verifier.verify(UnverifiedToken(vector.token), keys: vector.keys, at: TokenVector.now)
        #expect(token.issuer == "https://issuer.example")
        #expect(token.audience.contains("api"))
    }

    @Test(arguments: TokenVector.all.filter { $0.expectedError != nil })
    func `of bad tokens are refused for the reason they are bad`(vector: TokenVector) throws {
        let verifier = try vector.verifier
        let keys = try vector.keys
        let error = try #require(vector.expectedError)
        #expect(throws: error) {
            try verifier.verify(String(decoding: vector.token, as: UTF8.self), keys: keys, at: TokenVector.now)
        }
    }

    @Test(arguments: TokenVector.all.filter { $0.fields["header"] != nil || $0.fields["claims"] != nil })
    func `show what their tokens say`(vector: TokenVector) throws {
        let parts = vector.token.split(separator: UInt8(ascii: "."))
        if let header = vector.fields["header"] {
            #expect(try Base64URL.decode(Array(parts[0])) == Array(header.utf8))
        }
        if let claims = vector.fields["claims"] {
            #expect(try Base64URL.decode(Array(parts[1])) == Array(claims.utf8))
        }
    }

    @Test func `cover every reason that a token alone can give`() {
        let words = Set(TokenVector.all.compactMap { $0.fields["expect"]?.split(separator: " ").dropFirst().first })
        #expect(words.count == 17)
        #expect(TokenVector.all.count >= 210)
    }
}
