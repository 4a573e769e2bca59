// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `The time of a certificate` {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let lifetime: Int
        /// Seconds from the certificate's beginning.
        let instant: Int64
        let validity: TLSValidity
        var testDescription: String { name }
    }

    private static let day = 86_400

    static let cases = [
        Case(name: "a second before", lifetime: 90 * day, instant: -1, validity: .notYetValid),
        Case(name: "the beginning", lifetime: 90 * day, instant: 0, validity: .valid),
        Case(name: "fourteen days left of ninety", lifetime: 90 * day, instant: 76 * 86_400, validity: .valid),
        Case(name: "a second less", lifetime: 90 * day, instant: 76 * 86_400 + 1, validity: .endsSoon),
        Case(name: "a quarter left of six days", lifetime: 6 * day, instant: 388_800, validity: .valid),
        Case(name: "a second less of six days", lifetime: 6 * day, instant: 388_801, validity: .endsSoon),
        Case(name: "the last second", lifetime: 90 * day, instant: 90 * 86_400 - 1, validity: .endsSoon),
        Case(name: "the end", lifetime: 90 * day, instant: 90 * 86_400, validity: .expired),
    ]

    @Test(arguments: cases)
    func `says how it stands`(case: Case) throws {
        var content = TestCertificate.Content()
        content.validity = 0...`case`.lifetime
        let context = try TLSServerContext(TestCertificate(.curve("P-256"), content))
        // Both ends are of the same clock, but not read at the same moment.
        let end = context.notBefore + .seconds(`case`.lifetime)
        #expect((Duration.zero...(.seconds(2))).contains(context.notAfter.since(end)))
        let slip = context.notAfter.since(end)
        let instant = context.notBefore + .seconds(`case`.instant)
        let now = `case`.instant > Int64(`case`.lifetime) / 2 ? instant + slip : instant
        #expect(context.validity(at: now) == `case`.validity)
    }
}
