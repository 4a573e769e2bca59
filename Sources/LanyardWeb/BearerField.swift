// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// The access token that a request presents (RFC 6750 §2.1).
package struct BearerField: Equatable {
    /// The token as it came; empty if the field names the scheme alone.
    package let token: [UInt8]

    /// Reads `Authorization`; `nil` if there is none, or one of another scheme.
    package init?(_ head: RequestHead) {
        guard let value = head.value(of: "authorization") else { return nil }
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        // RFC 9110 §11.1: the name of a scheme is compared without case.
        guard String(decoding: scheme, as: UTF8.self).lowercased() == "bearer" else { return nil }
        token = Array(value.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") })
    }
}
