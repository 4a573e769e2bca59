// SPDX-License-Identifier: Apache-2.0

/// Which release this is (semver.org 2.0.0).
package enum Version {
    /// The number that `--version` and the metrics tell.
    package static let current = "0.1.0"
}
