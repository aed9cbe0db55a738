// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Ctrl-C and SIGTERM: the first asks to stop at the next good moment, the second cancels.
final class Interruption: Sendable {
    private let count = Atomic<Int>(0)

    /// Whether a signal has come.
    var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Runs `body`; a second signal cancels it.
    func cancelling(_ body: () async throws -> Void) async throws {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(8))
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for await _ in signals where count.add(1, ordering: .relaxed).newValue > 1 {
                    throw CancellationError()
                }
            }
            defer { group.cancelAll() }
            try await withThrowingTaskGroup(of: Void.self) { _ in try await body() }
        }
    }
}
