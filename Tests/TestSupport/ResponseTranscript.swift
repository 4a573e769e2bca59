// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// What the client made of the bytes of an answer, fed to it in pieces as a socket would, and then of their end.
package enum ResponseTranscript: Equatable, Sendable {
    case answer(ClientResponse)
    case failed(ClientError)

    /// Feeds `bytes` in pieces that end at `cuts`, and at the end of all.
    ///
    /// - Parameters:
    ///   - bytes: Everything that the server sends before it closes.
    ///   - cuts: Where pieces end, in ascending order.
    ///   - limitBytes: The most bytes of content.
    package init(of bytes: [UInt8], cutAt cuts: some Sequence<Int>, limitBytes: Int = 65_536) {
        var parser = ResponseParser(limitBytes: limitBytes)
        do throws(ClientError) {
            var start = 0
            for end in Array(cuts) + [bytes.count] {
                if let answer = try parser.take(Array(bytes[start..<end])) {
                    self = .answer(answer)
                    return
                }
                start = end
            }
            self = .answer(try parser.finish())
        } catch {
            self = .failed(error)
        }
    }
}
