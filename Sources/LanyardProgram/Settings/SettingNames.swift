// SPDX-License-Identifier: Apache-2.0

/// The names that settings are given by.
package struct SettingNames: Sendable {
    /// Every name that a settings file may have.
    private let inFile: Set<String>

    /// Knows the names of `settings`.
    package init(of settings: [Setting]) {
        inFile = Set(settings.flatMap { [$0.name] + ($0.fileName.map { [$0] } ?? []) })
    }

    /// Refuses a name that is no setting.
    ///
    /// - Throws: ``SettingsError/unknownName(_:origin:nearest:)`` with the name that is fewest edits away.
    package func check(_ name: String, origin: SettingOrigin) throws(SettingsError) {
        if inFile.contains(name) { return }
        if origin == .environment {
            if name == SettingsFile.configName || !name.hasPrefix(Setting.prefix) { return }
            if isSetByContainerPlatform(name) { return }
        }
        let candidates = inFile.sorted().map { ($0, distance(from: name, to: $0)) }
        let nearest = candidates.min { $0.1 < $1.1 }?.0 ?? ""
        throw .unknownName(name, origin: origin, nearest: nearest)
    }
}

/// Whether Kubernetes or Docker sets a variable of this name for a service that is called `lanyard` or `lanyard-…`.
///
/// That is `LANYARD_(*_)SERVICE_(HOST|PORT*)` and `LANYARD_(*_)PORT(_*)`.
private func isSetByContainerPlatform(_ name: String) -> Bool {
    let words = name.split(separator: "_", omittingEmptySubsequences: false).dropFirst()
    for (index, word) in zip(words.indices, words) {
        if word == "PORT" { return true }
        guard word == "SERVICE", index + 1 < words.endIndex else { continue }
        let next = words[index + 1]
        if next.hasPrefix("PORT") || next == "HOST" && index + 2 == words.endIndex { return true }
    }
    return false
}

/// Returns how far a given name is from one that there is.
///
/// A byte that is missing costs one, for people leave words out; one that is too much, wrong, or swapped with its
/// neighbour costs two. Source: optimal string alignment, with three rows of the matrix; the given name is cut to what a
/// name can have.
private func distance(from given: String, to name: String) -> Int {
    let a = Array(given.utf8.prefix(100))
    let b = Array(name.utf8)
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [2 * (i + 1)] + [Int](repeating: 0, count: b.count)
        for j in b.indices {
            let replaced = last[j] + (a[i] == b[j] ? 0 : 2)
            row[j + 1] = min(replaced, last[j + 1] + 2, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 2)
            }
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
