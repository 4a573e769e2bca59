// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore
internal import Logging

/// What is told of keys: each replica says when it follows a change, so that one can see in its log what it signed with.
extension EventLog {
    func keysChanged(from earlier: Foundation, to foundation: Foundation) {
        if let next = foundation.nextKey, earlier.key(next.kid)?.signsFrom != next.signsFrom {
            tell(
                .notice, "key_published", "a key is published and will sign",
                ["kid": next.kid, "alg": next.algorithm, "signs_from": next.signsFrom.rfc3339])
        }
        if let active = foundation.activeKey, let before = earlier.activeKey, active.kid != before.kid {
            tell(
                .notice, "key_rotated", "another key signs",
                ["kid": active.kid, "alg": active.algorithm, "previous": before.kid])
        }
        for key in earlier.publishedKeys where foundation.key(key.kid)?.isPublished != true {
            let isRevoked = foundation.key(key.kid)?.revokedAt != nil
            tell(
                isRevoked ? .warning : .notice, isRevoked ? "key_revoked" : "key_gone",
                isRevoked ? "a key was revoked and has left the key set" : "a key has left the key set",
                ["kid": key.kid])
        }
        if earlier.refreshSecrets.map(\.id) != foundation.refreshSecrets.map(\.id) {
            tell(
                .notice, "refresh_keys_changed", "the keys of refresh tokens were changed",
                ["count": "\(foundation.refreshSecrets.count)"])
        }
    }

    func keysNotKept(reason: String) {
        tell(
            .error, "keys_not_kept", "a step of the life of a key is due and cannot be made", ["reason": reason])
    }

    func keysNotRead(reason: String) {
        tell(
            .error, "keys_not_read", "the keys cannot be read; nothing is signed until they can",
            ["reason": reason])
    }
}
