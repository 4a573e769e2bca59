// SPDX-License-Identifier: Apache-2.0

/// Where the value of a setting came from.
package enum SettingOrigin: Equatable, Sendable {
    /// It was given nowhere.
    case fallback
    /// A line of the settings file.
    case file(path: String, line: Int)
    /// The environment of the process.
    case environment
    /// The command line.
    case flag

    /// As `config print` says it: `default`, `file PATH`, `environment` or `flag`.
    package var source: String {
        switch self {
        case .fallback: "default"
        case .file(let path, _): "file \(path)"
        case .environment: "environment"
        case .flag: "flag"
        }
    }

    /// As a message says it, with the line of a file.
    package var place: String {
        switch self {
        case .file(let path, let line): "file \(path), line \(line)"
        case .fallback, .environment, .flag: source
        }
    }
}
