// SPDX-License-Identifier: Apache-2.0

/// Why settings are refused; every one of them ends the program before it does anything.
package enum SettingsError: Error, Equatable, Sendable {
    /// A name that begins like a setting and is none.
    case unknownName(String, origin: SettingOrigin, nearest: String)
    /// A name in a settings file that does not begin with `LANYARD_`.
    case foreignName(String, origin: SettingOrigin)
    /// A line of a settings file that is neither a setting nor a comment nor blank.
    case notASetting(origin: SettingOrigin)
    /// A settings file that is not UTF-8 text.
    case notText(path: String)
    /// A value of the wrong kind or out of range; `value` is `nil` for a secret.
    case notAllowed(name: String, value: String?, origin: SettingOrigin, allowed: String)
    /// A value that is good alone and bad beside another.
    case contradiction(name: String, origin: SettingOrigin, rule: String)
    /// A secret given both as a value and as a file.
    case givenTwice(name: String, origins: [SettingOrigin])
    /// A settings file, or the file that a setting names, cannot be read.
    case unreadable(name: String, path: String, FileError)
    /// A settings file exists and cannot be read.
    case unreadableSettings(name: String, path: String, FileError)
    /// A settings file with a secret in it that other users can read, or a group can write; `name` is a setting that is
    /// a secret.
    case exposedSettings(path: String, name: String, mode: UInt32)
    /// A file with a secret that other users can read, or a group can write.
    case exposed(name: String, path: String, mode: UInt32)
    /// A file with a secret that holds nothing.
    case empty(name: String, path: String)
}

extension SettingsError {
    /// The one line that the operator reads, and the status that the process exits with.
    package var failure: Failure { Failure(status, message) }

    private var status: ExitStatus {
        switch self {
        case .unreadableSettings(_, _, .tooLarge): .settings
        case .unreadable(_, _, .notPermitted), .unreadableSettings: .noPermission
        default: .settings
        }
    }

    private var message: String {
        switch self {
        case .unknownName(let name, let origin, let nearest):
            "\(shortened(name)) (\(origin.place)) is not a setting; the nearest is \(nearest)"
        case .foreignName(let name, let origin):
            "\(shortened(name)) (\(origin.place)) is not a setting; every name begins with \(Setting.prefix)"
        case .notASetting(let origin):
            "\(origin.place): this is not a setting; write NAME=value, or # before a comment"
        case .notText(let path):
            "the settings file \(path) is not UTF-8 text; check that it is the right file"
        case .notAllowed(let name, let value, let origin, let allowed):
            "\(name)\(value.map { "=" + shortened($0) } ?? "") (\(origin.place)) is not allowed; use \(allowed)"
        case .contradiction(let name, let origin, let rule):
            "\(name) (\(origin.place)): \(rule)"
        case .givenTwice(let name, let origins):
            "\(name) and \(name)_FILE are both set (\(origins.map(\.place).joined(separator: "; "))); keep one of them"
        case .exposedSettings(let path, let name, let mode):
            "\(path) has mode \(octal(mode)) and holds a secret, \(name); run chmod 600 on it"
        case .unreadable(let name, let path, let error), .unreadableSettings(let name, let path, let error):
            "cannot read \(path), which \(name) names: \(error.reason)"
        case .exposed(let name, let path, let mode):
            "\(path), which \(name) names, holds a secret and has mode \(octal(mode)); run chmod 600 on it"
        case .empty(let name, let path):
            "\(path), which \(name) names, is empty; put the value into it"
        }
    }
}

/// Cuts a value that would fill a screen.
private func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= 100 ? text : String(text.unicodeScalars.prefix(100)) + "…"
}

private func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
