// SPDX-License-Identifier: Apache-2.0

/// Waits by the clock of the program; for commands that give servers time to follow.
func pause(seconds: Int) async { try? await RunningClock().sleep(for: .seconds(seconds)) }
