// SPDX-License-Identifier: Apache-2.0

/// What a status list says of a token (Token Status List §7.1).
public enum TokenStatus: Hashable, Sendable {
    /// 0: the token is good, as far as the list goes.
    case valid
    /// 1: the token was revoked, for good.
    case invalid
    /// 2: the token is not valid for the time being.
    case suspended
    /// 3 to 255: what an application has agreed upon, or what the draft has kept for later.
    case other(UInt8)

    init(_ value: UInt8) {
        switch value {
        case 0: self = .valid
        case 1: self = .invalid
        case 2: self = .suspended
        default: self = .other(value)
        }
    }
}
