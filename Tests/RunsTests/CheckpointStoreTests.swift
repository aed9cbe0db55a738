// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Runs

struct CheckpointStoreTests {
    let folder: TemporaryFolder
    var store: CheckpointStore { CheckpointStore(folder.url.appendingPathComponent("checkpoints")) }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func save(_ step: Int, bytes: Int = 3) async throws {
        try await store.save(step: step, needing: 10) { try Self.fill($0, bytes: bytes) }
    }

    private static func fill(_ folder: URL, bytes: Int) throws {
        let policy = folder.appendingPathComponent("policy")
        try FileManager.default.createDirectory(at: policy, withIntermediateDirectories: true)
        try Data(count: bytes).write(to: policy.appendingPathComponent("model.safetensors"))
        try Data("{}".utf8).write(to: folder.appendingPathComponent("state.json"))
    }

    @Test("Checkpoints appear whole, the newest is the latest, the last N stay")
    func keepsTheLast() async throws {
        #expect(try store.latest() == nil)
        for step in [5, 10, 1_000_000] { try await save(step) }
        try await store.saveBest(step: 5, score: 0.5, needing: 1) { try Self.fill($0, bytes: 1) }
        #expect(try store.all().map(\.step) == [5, 10, 1_000_000])
        #expect(try store.latest()?.url.lastPathComponent == "step-1000000")
        try store.prune(keepingLast: 2)
        #expect(try folder.names("checkpoints") == ["best", "step-000010", "step-1000000"])
        try store.prune(keepingLast: 0)
        #expect(try store.all().map(\.step) == [1_000_000], "one always stays")
    }

    @Test("The best checkpoint is replaced and remembers its score")
    func replacesTheBest() async throws {
        #expect(try store.best() == nil)
        try await store.saveBest(step: 5, score: 0.5, needing: 1) { try Self.fill($0, bytes: 1) }
        try await store.saveBest(step: 9, score: 0.625, needing: 1) { try Self.fill($0, bytes: 2) }
        let best = try #require(try store.best())
        #expect(best.step == 9)
        #expect(best.score == 0.625)
        #expect(try folder.names("checkpoints") == ["best"])
    }

    @Test("A checkpoint with a missing or short file is passed over")
    func passesOverDamage() async throws {
        for step in 1...3 { try await save(step) }
        let checkpoints = folder.url.appendingPathComponent("checkpoints")
        try Data(count: 2).write(to: checkpoints.appendingPathComponent("step-000003/policy/model.safetensors"))
        try FileManager.default.removeItem(at: checkpoints.appendingPathComponent("step-000002/state.json"))
        #expect(try store.latest()?.step == 1)
        try FileManager.default.removeItem(at: checkpoints.appendingPathComponent("step-000001/checkpoint.json"))
        #expect(try store.latest() == nil)
    }

    @Test("A failed save leaves what was there and nothing half written")
    func failedSave() async throws {
        struct Failure: Error {}
        try await save(1)
        await #expect(throws: Failure.self) {
            try await store.save(step: 1, needing: 1) { _ in throw Failure() }
        }
        await #expect(throws: RunError.self) {
            try await store.save(step: 2, needing: .max) { try Self.fill($0, bytes: 1) }
        }
        #expect(try folder.names("checkpoints") == ["step-000001"])
        #expect(try store.latest()?.step == 1)
    }

    @Test("Repair removes half written folders and puts back a best checkpoint caught in replacement")
    func repairs() async throws {
        try await store.saveBest(step: 5, score: 0.5, needing: 1) { try Self.fill($0, bytes: 1) }
        let checkpoints = folder.url.appendingPathComponent("checkpoints")
        try FileManager.default.moveItem(
            at: checkpoints.appendingPathComponent("best"),
            to: checkpoints.appendingPathComponent(".best.old")
        )
        try FileManager.default.createDirectory(
            at: checkpoints.appendingPathComponent(".step-000007.tmp"),
            withIntermediateDirectories: true
        )
        try store.repair()
        #expect(try folder.names("checkpoints") == ["best"])
        #expect(try store.best()?.step == 5)
    }

    @Test("Saving a step again replaces it")
    func savesAgain() async throws {
        try await save(4, bytes: 3)
        try await save(4, bytes: 9)
        let file = folder.url.appendingPathComponent("checkpoints/step-000004/policy/model.safetensors")
        #expect(try Data(contentsOf: file).count == 9)
        #expect(try folder.names("checkpoints") == ["step-000004"])
    }
}
