// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardHTTP
internal import LanyardPasswords

extension RequestMembers {
    /// Returns a password, and wipes the text that it was read into.
    ///
    /// Call it once for each name: the member holds zeros afterwards.
    func takePassword(_ name: String) throws(APIError) -> Password {
        let text = try requiredText(name)
        defer { text.wipeStorage() }
        return Password(text)
    }
}

extension Request {
    /// Wipes the content when it has been read: it holds passwords, and stays in memory until the request is answered.
    ///
    /// All copies of a request share one content, so this is for all of them. Out of reach are the buffer of the event loop,
    /// which the next request overwrites, and that of the kernel.
    func wipeContent() {
        unsafe body.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe explicit_bzero(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }
}
