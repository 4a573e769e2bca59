// SPDX-License-Identifier: Apache-2.0

/// Why a cookie cannot be read.
package enum CookieError: Error, Equatable, Sendable {
    /// There are two of one name.
    case repeated(name: String)
    /// Its value is none that a browser would have kept.
    case impossible(name: String)
}
