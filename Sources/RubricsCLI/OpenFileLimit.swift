// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The number of files and connections that this process may hold open.
enum OpenFileLimit {
    /// Raises the soft limit as far as the hard one allows, and says so where that is not enough.
    static func raise(toHold wanted: Int) {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(wanted) else { return }
        limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
        let isRaised = setrlimit(resource, &limit) == 0
        guard !isRaised || limit.rlim_cur < rlim_t(wanted) else { return }
        Terminal.writeError(
            "warning: at most \(limit.rlim_cur) files may be open, \(wanted) would be needed: "
                + "lower the concurrency, or raise the limit with `ulimit -n \(wanted)`\n"
        )
    }
}
