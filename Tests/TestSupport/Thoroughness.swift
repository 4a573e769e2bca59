// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How much the tests do: everything with `LANYARD_FULL` (`Scripts/test --full`), and otherwise a sample of what takes long.
package enum Thoroughness {
    package static let isFull = unsafe getenv("LANYARD_FULL") != nil

    /// How often something long is repeated.
    package static func rounds(_ all: Int, sample: Int) -> Int { isFull ? all : sample }
}
