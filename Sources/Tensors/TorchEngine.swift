// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// libtorch, loaded at run time through the engine library that `Scripts/setup` compiles.
///
/// Gradient mode, thread count and random generator belong to the thread that calls, so one thread should own an engine's tensors:
/// see ``EngineThread``.
public final class TorchEngine: @unchecked Sendable {
    // Unchecked: the only state is a pointer to a constant table in a library that stays loaded.
    let table: UnsafePointer<rubrics_engine>

    private init(table: UnsafePointer<rubrics_engine>) {
        self.table = table
    }

    /// Loads the engine library.
    ///
    /// - Parameter path: The shared library.
    /// - Returns: The loaded engine.
    /// - Throws: ``TensorError`` when it is missing, does not load or speaks another version of the table.
    public static func load(at path: String) throws -> TorchEngine {
        let remedy = "run Scripts/setup (or: rubrics setup)"
        guard access(path, R_OK) == 0 else {
            throw TensorError(code: .engineMissing, message: "no engine at \(path): \(remedy)")
        }
        // libtorch's OpenMP runtime reads this once, when it is loaded. Its threads wait by spinning for milliseconds
        // otherwise, and on a machine with other work they take the cores from the very thread they wait for: a training
        // step then takes twice as long.
        setenv("GOMP_SPINCOUNT", "1000", 0)
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw TensorError(code: .engineMissing, message: "cannot load \(path): \(reason); \(remedy)")
        }
        guard let symbol = dlsym(library, "rubrics_engine_table") else {
            throw TensorError(code: .engineMissing, message: "\(path) is not a rubrics engine: \(remedy)")
        }
        let entry = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<rubrics_engine>?).self)
        guard let table = entry(), table.pointee.abi_version == UInt32(RUBRICS_ENGINE_ABI) else {
            throw TensorError(
                code: .engineMissing,
                message: "\(path) was built for another version of this program: \(remedy)"
            )
        }
        return TorchEngine(table: table)
    }

    /// libtorch's version, for example `2.13.0`.
    public var torchVersion: String { table.pointee.torch_version().map { String(cString: $0) } ?? "unknown" }

    /// The instruction set that libtorch's CPU kernels use, for example `AVX512`.
    public var cpuCapability: String { table.pointee.cpu_capability().map { String(cString: $0) } ?? "unknown" }

    /// Tells builds of the engine apart: the same operations give the same bits within one build only.
    public var buildIdentity: String { table.pointee.build_identity().map { String(cString: $0) } ?? "unknown" }

    /// Whether this CPU runs the packed bf16 decode path.
    public var supportsPackedDecoding: Bool { table.pointee.decoder_supported() != 0 }

    /// The devices that tensors can be made on.
    public var devices: [Device] {
        [.cpu] + (0..<Int(table.pointee.cuda_device_count())).map(Device.cuda)
    }

    /// The number of threads that operations called from this thread use.
    public var threadCount: Int { Int(table.pointee.get_threads()) }

    /// Sets the number of threads that operations called from this thread use.
    public func setThreadCount(_ count: Int) throws {
        precondition(count > 0, "a thread count is positive")
        try check(table.pointee.set_threads(Int64(count)), "set the thread count")
    }

    /// Turns on libtorch's deterministic algorithms; operations that have none then throw.
    public func useDeterministicAlgorithms() throws {
        try check(table.pointee.set_deterministic(1), "use deterministic algorithms")
    }

    /// Runs `body` without recording operations for a backward pass.
    public func withoutGradients<Result>(_ body: () throws -> Result) throws -> Result {
        var previous: Int32 = 1
        try check(table.pointee.set_grad_enabled(0, &previous), "turn gradients off")
        defer { _ = table.pointee.set_grad_enabled(previous, nil) }
        return try body()
    }

    var lastError: String { table.pointee.last_error().map { String(cString: $0) } ?? "unknown error" }

    func failure(_ what: @autoclosure () -> String) -> TensorError {
        let reason = lastError
        let outOfMemory = reason.contains("out of memory") || reason.contains("can't allocate memory")
        return TensorError(code: outOfMemory ? .outOfMemory : .operation, message: "\(what()): \(reason)")
    }

    func check(_ status: Int32, _ what: @autoclosure () -> String) throws {
        if status != 0 { throw failure(what()) }
    }

    func tensor(_ pointer: rubrics_tensor?, _ what: @autoclosure () -> String) throws -> Tensor {
        guard let pointer else { throw failure(what()) }
        return Tensor(handle: TensorHandle(pointer: pointer, engine: self))
    }
}
