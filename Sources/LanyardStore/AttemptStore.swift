// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The part of a store that failed tries are counted in.
package protocol AttemptStore: Sendable {
    /// Judges a try to prove who one is, and counts it if it failed: one step.
    ///
    /// Of tries that come at once, by whichever replica, each is judged by what those before it have left: no number of them
    /// passes a limit. One that a limit refuses is not counted. One that is right ends the row of failures of its pair, and
    /// writes nothing if there was none.
    ///
    /// - Parameters:
    ///   - attempt: What the try is counted under.
    ///   - isRight: Whether it was right, which does not help against a limit.
    ///   - limits: How often one may fail.
    ///   - now: The time.
    /// - Returns: What became of it.
    /// - Throws: A ``StoreError`` if the step was not made.
    func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict
}
