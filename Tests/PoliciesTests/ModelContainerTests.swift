// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Tensors
import TestSupport
import Testing

@Suite("Model containers")
struct ModelContainerTests {
    private static func thread() -> UInt { UInt(bitPattern: ObjectIdentifier(Thread.current).hashValue) }

    @Test("The content is made, used and changed on one thread, in order", .timeLimit(.minutes(10)))
    func oneThread() async throws {
        let container = try await ModelContainer { [Self.thread()] }
        for _ in 0..<50 { try await container.perform { $0.append(Self.thread()) } }
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<50 { group.addTask { try await container.perform { $0.append(Self.thread()) } } }
        }
        let threads = try await container.perform { $0 }
        #expect(threads.count == 101)
        #expect(Set(threads).count == 1)
        let other = try await ModelContainer { Self.thread() }
        #expect(try await other.perform { $0 } != threads[0])
    }

    @Test("Tensors live inside; what leaves is a plain value", .timeLimit(.minutes(10)))
    func tensors() async throws {
        let engine = try TestEngine.load()
        let container = try await ModelContainer { try engine.full([3], 2) }
        try await container.perform { $0 = try $0 * 2 }
        #expect(try await container.perform { try $0.floats() } == [4, 4, 4])
    }

    @Test("An error leaves the container usable", .timeLimit(.minutes(10)))
    func errors() async throws {
        struct Stop: Error {}
        let container = try await ModelContainer { 1 }
        await #expect(throws: Stop.self) {
            try await container.perform { content in
                content = 2
                throw Stop()
            }
        }
        #expect(try await container.perform { $0 } == 2)
        await #expect(throws: Stop.self) { _ = try await ModelContainer<Int> { throw Stop() } }
    }

    @Test("Gradient mode belongs to the container's thread", .timeLimit(.minutes(10)))
    func gradientMode() async throws {
        let engine = try TestEngine.load()
        let container = try await ModelContainer { try engine.zeros([2]).requiringGradient() }
        let recorded = try await container.perform { content in
            let inside = try engine.withoutGradients { try content.exp().requiresGradient }
            return [inside, try content.exp().requiresGradient]
        }
        #expect(recorded == [false, true])
    }
}
