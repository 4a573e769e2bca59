// SPDX-License-Identifier: Apache-2.0

/// Why a test could not get as far as what it tests.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
