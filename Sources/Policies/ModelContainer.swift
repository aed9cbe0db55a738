// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Owns everything that lives on one engine thread: models, samplers, optimiser state.
///
/// Tensors are not `Sendable`; work on them runs inside ``perform(_:)`` on the container's own thread, and only plain
/// values leave. Calls do not interleave: a body is synchronous, so the actor has no reentrancy to mind.
public actor ModelContainer<Content> {
    private nonisolated let thread: EngineThread
    private var content: Content?

    /// The container's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the content on the container's own thread.
    ///
    /// - Parameter make: Loads models; runs on the engine thread.
    /// - Throws: What `make` throws.
    public init(make: @Sendable () throws -> Content) async throws {
        thread = EngineThread()
        content = nil
        // From here on the initialiser is isolated to the actor, so it runs on the engine thread.
        content = try make()
    }

    /// Runs `body` with the content on the engine thread.
    public func perform<Result: Sendable>(_ body: @Sendable (inout Content) throws -> Result) throws -> Result {
        guard var current = content.take() else {
            throw TensorError(code: .operation, message: "the model container has no content")
        }
        defer { content = current }
        return try body(&current)
    }
}
