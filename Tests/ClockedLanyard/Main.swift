// SPDX-License-Identifier: Apache-2.0

internal import LanyardProgram

/// The program `lanyard` with clocks that tests move.
@main enum Main {
    static func main() {
        let clock = TestClock()
        Program.main(clocks: ProgramClocks(wall: clock.wall, running: clock.running))
    }
}
