// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore

extension KeyRecord: Listable {
    /// The key in one line, for people.
    var line: String {
        let times =
            switch state {
            case .next: "signs from \(signsFrom.rfc3339)"
            case .active:
                goneAt.map { "signs until \($0.rfc3339), revoked" } ?? "signs since \(signsFrom.rfc3339)"
            case .retired: "in the key set until \((goneAt ?? signsFrom).rfc3339)"
            }
        return "\(kid)\t\(algorithm)\t\(state.rawValue)\t\(times)\n"
    }
}
