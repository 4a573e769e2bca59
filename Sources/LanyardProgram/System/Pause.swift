// SPDX-License-Identifier: Apache-2.0

/// Waits by the clock of the program; for commands that give servers time to follow.
@Sendable func pause(for duration: Duration) async { try? await RunningClock().sleep(for: duration) }
