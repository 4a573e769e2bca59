// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A pseudoterminal: what is typed on one side is read on the other.
final class Terminal {
    /// The side that a program has.
    let user: Int32
    private let keyboard: Int32

    init() throws {
        var (keyboard, user): (Int32, Int32) = (-1, -1)
        guard unsafe openpty(&keyboard, &user, nil, nil, nil) == 0 else { throw POSIXError(.ENOTTY) }
        (self.keyboard, self.user) = (keyboard, user)
    }

    deinit {
        close(user)
        close(keyboard)
    }

    /// Whether the terminal shows what is typed.
    var isEchoing: Bool {
        var modes = termios()
        return unsafe tcgetattr(user, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Types a text, which the program finds when it reads.
    func type(_ text: String) throws {
        guard unsafe write(keyboard, text, text.utf8.count) == text.utf8.count else { throw POSIXError(.EIO) }
    }

    /// Everything that ``awaitText(_:)`` has seen.
    private(set) var screen = ""

    /// Waits until `text` has appeared.
    func awaitText(_ text: String) throws {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while !screen.contains(text) {
            var poll = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
            guard unsafe Glibc.poll(&poll, 1, 10_000) == 1 else { throw POSIXError(.ETIMEDOUT) }
            let count = unsafe read(keyboard, &bytes, bytes.count)
            guard count > 0 else { throw POSIXError(.EIO) }
            screen += String(decoding: bytes[..<count], as: UTF8.self)
        }
    }
}
