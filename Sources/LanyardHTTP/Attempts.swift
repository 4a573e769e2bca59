// SPDX-License-Identifier: Apache-2.0

/// Several ways to the same end, tried one after another.
package enum Attempts {
    /// Makes attempts until one succeeds.
    ///
    /// - Parameters:
    ///   - candidates: What to try, the best first; not empty.
    ///   - deadline: The end of all attempts. Each gets an equal share of what is left, so that one that hangs leaves time for
    ///     the rest.
    ///   - attempt: Tries one candidate within its share.
    /// - Returns: What the first attempt that succeeds returns.
    /// - Throws: What the last attempt threw.
    package static func first<Candidate, Success>(
        of candidates: [Candidate], before deadline: ClientDeadline,
        _ attempt: (Candidate, ClientDeadline) throws(ClientError) -> Success
    ) throws(ClientError) -> Success {
        precondition(!candidates.isEmpty, "there is something to try")
        var failure = ClientError.timedOut
        for (index, candidate) in candidates.enumerated() {
            do throws(ClientError) {
                return try attempt(candidate, deadline.share(of: candidates.count - index))
            } catch {
                failure = error
            }
        }
        throw failure
    }
}
