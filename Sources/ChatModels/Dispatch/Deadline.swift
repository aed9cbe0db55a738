// SPDX-License-Identifier: Apache-2.0

/// Runs `body`, cancelled when `duration` has passed on `clock`.
///
/// - Returns: What `body` returns.
/// - Throws: What `body` throws; ``ChatModelError/Code/timeout`` when the time was up first.
func withDeadline<Value: Sendable, Time: Clock>(
    _ duration: Duration,
    on clock: Time,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value where Time.Duration == Duration {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await clock.sleep(for: duration)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else {
            throw ChatModelError(.timeout, "no answer within \(duration.formatted)")
        }
        return value
    }
}

extension Duration {
    /// Seconds with up to three decimals: `1.5 s`.
    fileprivate var formatted: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let text = Double(milliseconds) / 1000
        return text == text.rounded() ? "\(Int(text)) s" : "\(text) s"
    }
}
