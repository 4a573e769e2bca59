// SPDX-License-Identifier: Apache-2.0

/// The keys were not read recently, and could not be read now.
package struct StaleKeys: Error {
    init() {}
}
