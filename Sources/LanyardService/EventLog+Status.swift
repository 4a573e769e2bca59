// SPDX-License-Identifier: Apache-2.0

internal import Logging

extension EventLog {
    func statusListsNotBuilt(reason: String) {
        tell(
            .error, "status_lists_not_built",
            "the status lists cannot be brought up to date; those of before are served until they expire",
            ["reason": reason])
    }
}
