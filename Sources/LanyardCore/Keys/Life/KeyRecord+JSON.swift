// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding
package import LanyardStore

extension KeyRecord {
    /// The key as commands and the admin interface show it: nothing of either half.
    ///
    /// Absent values are null.
    package var json: JSONValue {
        [
            "kid": .string(kid.text),
            "alg": .string(algorithm),
            "state": .string(state.rawValue),
            "created": .string(createdAt.rfc3339),
            "signs_from": .string(signsFrom.rfc3339),
            "retired": (retiredAt?.rfc3339).map(JSONValue.string) ?? nil,
            "gone": (goneAt?.rfc3339).map(JSONValue.string) ?? nil,
        ]
    }
}
