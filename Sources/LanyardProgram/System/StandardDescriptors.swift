// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Descriptors 0, 1 and 2, which are the standard streams whatever they were opened for.
enum StandardDescriptors {
    /// Opens `/dev/null` on each of them that the process was started without.
    ///
    /// Otherwise the next file that is opened, a listener or the store, gets the number, and what is written to standard output or
    /// error goes into it. Has to be called before anything is opened.
    static func fill() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is given (open(2)), and those below are in use by now.
            let opened = unsafe open("/dev/null", O_RDWR)
            // Without /dev/null there is nothing harmless to put there, and nobody who could be told.
            guard opened == number else { _exit(ExitStatus.unavailable.rawValue) }
        }
    }
}
