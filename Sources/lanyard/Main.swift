// SPDX-License-Identifier: Apache-2.0

internal import LanyardProgram

/// The program `lanyard`.
///
/// Everything it does is in `LanyardProgram`, so that tests can build a second program over it.
@main enum Main {
    static func main() { Program.main() }
}
