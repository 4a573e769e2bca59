// SPDX-License-Identifier: Apache-2.0

internal import CProcess
internal import Glibc

/// Keeps the memory of this process, which holds keys and passwords, out of files and away from other processes.
enum CoreDumps {
    /// Prevents core dumps, also those that a program of the system receives by way of `core_pattern`.
    ///
    /// From then on only root can trace the process or read its memory. Programs that it starts have no limit of their own
    /// to raise, but can be traced as usual.
    ///
    /// The C functions are `setrlimit` and `prctl`.
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = lanyard_prctl(PR_SET_DUMPABLE, 0)
    }
}
