// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("The engine library")
struct EngineLoadingTests {
    private func failure(loading path: String) -> TensorError? {
        #expect(throws: TensorError.self) { _ = try TorchEngine.load(at: path) }
    }

    @Test("It names its version and what the CPU offers")
    func description() throws {
        let engine = try TestEngine.load()
        #expect(engine.torchVersion.hasPrefix("2."))
        #expect(!engine.cpuCapability.isEmpty)
        #expect(engine.threadCount > 0)
    }

    @Test("A missing library says what to run")
    func missing() {
        let error = failure(loading: "/nowhere/librubrics_engine.so")
        #expect(error?.code == .engineMissing)
        #expect(error?.message == "no engine at /nowhere/librubrics_engine.so: run Scripts/setup (or: rubrics setup)")
    }

    @Test("A file that is no library is refused by name")
    func notALibrary() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString).so")
        try Data("not a library".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = failure(loading: file.path)
        #expect(error?.code == .engineMissing)
        #expect(error?.message.hasPrefix("cannot load \(file.path): ") == true)
        #expect(error?.message.hasSuffix("run Scripts/setup (or: rubrics setup)") == true)
    }

    #if os(Linux)
    @Test("A library without the engine's table is refused")
    func notAnEngine() {
        let error = failure(loading: "/proc/self/exe")
        #expect(error?.code == .engineMissing)
        let library = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6", "/usr/lib64/libm.so.6"]
            .first { FileManager.default.fileExists(atPath: $0) }
        guard let library else { return }
        #expect(failure(loading: library)?.message.hasPrefix("\(library) is not a rubrics engine: ") == true)
    }
    #endif
}

/// What a generator gives depends on every draw in the process, so these tests take turns.
@Suite("libtorch's generator", .serialized)
struct GeneratorTests {
    let engine: TorchEngine

    init() throws {
        engine = try TestEngine.load()
    }

    @Test("The same seed gives the same numbers, another one others")
    func seeds() throws {
        func draw(_ seed: UInt64) throws -> [Float] {
            try engine.seedRandom(seed)
            return try engine.randomNormal([64], deviation: 1).floats()
        }
        let first = try draw(7)
        #expect(try draw(7) == first)
        #expect(try draw(8) != first)
    }

    @Test("A saved state continues where it was saved")
    func states() throws {
        try engine.seedRandom(3)
        _ = try engine.randomNormal([5], deviation: 1)
        let state = try engine.randomState()
        let next = try engine.randomNormal([64], deviation: 1).floats()
        #expect(try engine.randomNormal([64], deviation: 1).floats() != next)
        try engine.setRandomState(state)
        #expect(try engine.randomNormal([64], deviation: 1).floats() == next)
    }

    @Test("A state of the wrong size is refused")
    func badState() throws {
        #expect(throws: TensorError.self) { try engine.setRandomState([1, 2, 3]) }
    }

    @Test("The deviation is the one asked for")
    func deviation() throws {
        try engine.seedRandom(11)
        let numbers = try engine.randomNormal([10_000], deviation: 0.02).floats()
        let variance = numbers.reduce(0) { $0 + Double($1) * Double($1) } / Double(numbers.count)
        #expect(abs(variance.squareRoot() - 0.02) < 0.001)
    }
}

#if os(Linux)
@Suite("Memory", .serialized)
struct MemoryTests {
    /// Bytes that the process holds in memory.
    private func resident() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(fields[1])) * 4096
    }

    @Test("Tensors are freed with their last reference")
    func release() throws {
        let engine = try TestEngine.load()
        // 64 tensors of 64 MiB: 4 GiB if none were freed.
        func churn() throws {
            for round in 0..<64 {
                let x = try engine.full([16 << 20], Double(round))
                #expect(try x[0..<1].item() == Double(round))
            }
        }
        let before = try resident()
        try churn()
        #expect(try resident() - before < 1 << 30)
    }

    @Test("A graph goes with its loss")
    func graphs() throws {
        let engine = try TestEngine.load()
        let weight = Weight(working: try engine.full([1024], 1), gradient: try engine.zeros([1024]))
        let before = try resident()
        // Each graph holds ten activations of 4 MiB: 2.5 GiB if none were freed, backward pass or not.
        for round in 0..<64 {
            var x = try engine.full([1024, 1024], 0.5)
            for _ in 0..<10 { x = try x.rmsNorm(weight, epsilon: 1e-5) }
            if round.isMultiple(of: 2) { try x.sum().backward() }
        }
        #expect(try resident() - before < 1 << 30)
    }
}
#endif

@Suite("Engine threads")
struct EngineThreadTests {
    /// Remembers which threads ran it, and in which order.
    private actor Witness {
        private nonisolated let thread: EngineThread
        private(set) var threads: Set<UInt> = []
        private(set) var order: [Int] = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(name: String) {
            thread = EngineThread(name: name)
        }

        func note(_ index: Int) {
            threads.insert(UInt(bitPattern: ObjectIdentifier(Thread.current).hashValue))
            order.append(index)
        }

        func threadName() -> String? { Thread.current.name }

        func sum(_ count: Int) throws -> Double {
            let engine = try TestEngine.load()
            return try engine.full([count], 1).sum().item()
        }
    }

    @Test("Jobs run on one thread in the order in which they were sent", .timeLimit(.minutes(10)))
    func order() async {
        let witness = Witness(name: "witness")
        for index in 0..<200 { await witness.note(index) }
        await withDiscardingTaskGroup { group in
            for index in 200..<400 { group.addTask { await witness.note(index) } }
        }
        #expect(await witness.threads.count == 1)
        let order = await witness.order
        #expect(Array(order.prefix(200)) == Array(0..<200))
        #expect(order.sorted() == Array(0..<400))
        let name = await witness.threadName()
        #expect(name == "witness")
    }

    @Test("Two threads compute at the same time", .timeLimit(.minutes(10)))
    func twoThreads() async throws {
        let (first, second) = (Witness(name: "first"), Witness(name: "second"))
        async let a = first.sum(1 << 20)
        async let b = second.sum(1 << 21)
        #expect(try await [a, b] == [Double(1 << 20), Double(1 << 21)])
        await first.note(0)
        await second.note(0)
        #expect(await first.threads != second.threads)
    }

    @Test("A thread ends with its last owner", .timeLimit(.minutes(10)))
    func end() async {
        for _ in 0..<50 {
            let witness = Witness(name: "short-lived")
            await witness.note(1)
            #expect(await witness.order == [1])
        }
    }
}
