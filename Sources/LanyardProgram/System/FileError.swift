// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Why a file could not be opened, read or written.
package enum FileError: Error, Equatable, Sendable {
    /// There is no such file, or no such folder on the way to it.
    case missing
    /// It exists already.
    case exists
    /// The system does not let this user do it.
    case notPermitted
    /// It is longer than anything of its kind.
    case tooLarge(limitBytes: Int)
    /// Anything else, by its `errno`.
    case system(code: Int32)

    /// Sorts an `errno`.
    package init(_ code: Int32) {
        self =
            switch code {
            case ENOENT, ENOTDIR: .missing
            case EEXIST: .exists
            case EACCES, EPERM: .notPermitted
            default: .system(code: code)
            }
    }

    /// The reason in words, to follow "cannot read PATH: ".
    package var reason: String {
        switch self {
        case .missing: "there is no such file"
        case .exists: "it exists already"
        case .notPermitted: "permission denied"
        case .tooLarge(let limitBytes): "it is longer than \(limitBytes) bytes"
        case .system(let code): errorText(code)
        }
    }
}

/// Returns the system's words for an error number.
///
/// The C function is `strerror`, which glibc lets every thread call (2.32).
private func errorText(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
