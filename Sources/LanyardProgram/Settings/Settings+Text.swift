// SPDX-License-Identifier: Apache-2.0

extension Settings {
    /// All settings as a settings file that gives the same ones again, each under the line that says where it came from.
    ///
    /// Secrets are not in it: one that was given as a file is named by its `_FILE` line, another stands as a comment.
    package var text: String {
        records.map { "# source: \($0.origin.source)\n\($0.line)\n" }.joined()
    }

    /// The settings file that is shipped: every setting with its help, commented out, at its default.
    package static var reference: String {
        var text = """
            # SPDX-License-Identifier: Apache-2.0
            #
            # Every setting of Lanyard, at its default. Remove the # before a name to change it.
            #
            # One NAME=value a line: the value is everything behind the = without blanks around it; no quotes, no comments
            # behind it. An empty value counts as not set. The environment goes before this file. The file is read from
            # --config FILE, else from where LANYARD_CONFIG says, else from the first of ./Config/lanyard.env and
            # /etc/lanyard/lanyard.env that exists; 'serve --dev' reads only a file that is named. If there is a secret in
            # it, nobody else may be able to read it.
            #
            # A duration is one number and one unit, s, m, h or d, or 0; a size has KiB, MiB or GiB. Settings marked
            # "reloaded" take a new value at SIGHUP; all others at the next start.

            """
        for record in defaults {
            let setting = record.setting
            let reloaded = setting.traits.contains(.reloads) ? "; reloaded" : ""
            text += "\n" + commented(setting.help) + commented("Allowed: \(record.allowed)\(reloaded).")
            text += "#\(setting.name)=\(setting.fallback ?? "")\n"
        }
        return text
    }
}

extension SettingRecord {
    /// The line of a settings file that gives this value again.
    fileprivate var line: String {
        if let secretFile { return "\(setting.name)_FILE=\(secretFile)" }
        guard let text else { return "\(setting.name)=" }
        return isSecret ? "# \(setting.name)=(secret)" : "\(setting.name)=\(text)"
    }
}

/// Breaks sentences into lines of at most 118 columns, each behind `# `.
private func commented(_ sentences: String) -> String {
    var lines = ""
    var line = "#"
    for word in sentences.split(separator: " ") {
        if line.count + 1 + word.count > 118 {
            lines += line + "\n"
            line = "#"
        }
        line += " " + word
    }
    return lines + line + "\n"
}
