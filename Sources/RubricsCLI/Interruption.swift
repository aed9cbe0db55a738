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
    private let message: String

    /// Prepares to be interrupted.
    ///
    /// - Parameter message: What the first signal tells the user.
    init(message: String = "stopping after this step; a second Ctrl-C stops at once") {
        self.message = message
    }

    /// Whether a signal has come.
    var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Runs `body` to its end; the first signal cancels it.
    func cancellingAtOnce<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await cancelling(after: 1, body)
    }

    /// Runs `body` to its end; a second signal cancels it.
    func cancelling<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await cancelling(after: 2, body)
    }

    private func cancelling<Value: Sendable>(
        after signals: Int,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let limit = signals
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
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await self.watch(signals, limit: limit) }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    private func watch<Value>(_ signals: AsyncStream<Void>, limit: Int) async throws -> Value? {
        for await _ in signals {
            let number = count.add(1, ordering: .relaxed).newValue
            if number == 1 { Terminal.writeError("\n\(message)\n") }
            guard number < limit else { throw CancellationError() }
        }
        return nil
    }
}
