// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

extension Failure {
    /// Says why the store at `place` did not do what was asked.
    init(_ error: StoreError, at place: String) {
        switch error {
        case .unavailable:
            self.init(.unavailable, "the store \(place) does not answer; is another process at work on it?")
        case .cannotCreate: self.init(.cannotCreate, "cannot make the store \(place); check its folder")
        case .permissionDenied: self.init(.noPermission, "this user may not read and write the store \(place)")
        case .full: self.init(.cannotCreate, "cannot write to the store \(place): the disk is full")
        case .damaged:
            self.init(.unavailable, "the store \(place) is damaged, or is none of lanyard's; restore it from a backup")
        case .newerSchema(let found, let supported):
            self.init(
                .unavailable,
                "the store \(place) is of a newer release (schema \(found), this one knows \(supported)); upgrade")
        case .conflict, .notFounded: self.init(.bug, "the store \(place) refused a step: \(error)")
        }
    }
}
