// SPDX-License-Identifier: Apache-2.0

/// Who asks for something, as far as rules and the log are told.
struct Caller: Sendable {
    /// Returns the network that the caller asks from, as a session shows it to its owner; few rules want to know.
    let network: @Sendable () -> String?
    /// Records what the request has caused.
    let record: @Sendable (Event) -> Void
}
