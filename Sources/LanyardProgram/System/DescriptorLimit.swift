// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many file descriptors this process may have open (getrlimit(2), `RLIMIT_NOFILE`).
///
/// Programs that this one starts inherit the limit. One that uses select(2) may rely on the usual soft limit of 1,024, so whoever
/// starts another program gives it ``inherited`` back.
enum DescriptorLimit {
    /// The soft limit that the process was started with.
    static let inherited = current.soft

    /// Raises the soft limit to the hard one, as far as the system lets it be.
    ///
    /// - Returns: The soft limit in force.
    static func raise() -> Int {
        let before = current
        guard before.soft < before.hard, before.soft == inherited else { return before.soft }
        var limit = rlimit(rlim_cur: rlim_t(before.hard), rlim_max: rlim_t(before.hard))
        _ = unsafe setrlimit(resource, &limit)
        return current.soft
    }

    private static var current: (soft: Int, hard: Int) {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return (1_024, 1_024) }
        return (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max))
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
