// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `Client attempts` {
    @Test func `go on until one succeeds`() throws {
        var tried: [Int] = []
        let success = try Attempts.first(of: [1, 2, 3, 4], before: ClientDeadline(in: .seconds(60))) {
            (number, _) throws(ClientError) in
            tried.append(number)
            guard number == 3 else { throw .unreachable(code: Int32(number)) }
            return "third"
        }
        #expect(success == "third")
        #expect(tried == [1, 2, 3])
    }

    @Test func `throw what the last one threw`() {
        #expect(throws: ClientError.unreachable(code: 2)) {
            try Attempts.first(of: [1, 2], before: ClientDeadline(in: .seconds(60))) {
                (number, _) throws(ClientError) in
                throw .unreachable(code: Int32(number))
            }
        }
    }

    @Test func `share what is left`() throws {
        var shares: [Duration] = []
        _ = try? Attempts.first(of: [1, 2, 3], before: ClientDeadline(in: .seconds(60))) {
            (_, deadline) throws(ClientError) in
            shares.append(deadline.remaining)
            throw .timedOut
        }
        #expect(shares.count == 3)
        for (share, most) in zip(shares, [20, 30, 60]) { #expect(share > .zero && share <= .seconds(most)) }
        #expect(shares == shares.sorted())
    }
}
