// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import TestSupport
import Testing

/// Downloads over connections that break.
@Suite("Downloads from the hub", .timeLimit(.minutes(5)))
struct HubDownloadTests {
    private static let bytes = LoopbackHub.Repository.noise(300_000)

    private func server(listedHash: String? = nil) throws -> LoopbackHub {
        try LoopbackHub([
            .init(
                "models",
                "org/model",
                files: [
                    "config.json": .init("{}".utf8),
                    "model.safetensors": .init(Self.bytes, isLarge: true, listedHash: listedHash),
                ]
            )
        ])
    }

    private func content(_ folder: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent("model.safetensors")))
    }

    @Test("Small and large files arrive as they are, and are not asked for again")
    func whole() async throws {
        let account = try HubAccount(server())
        let folder = try await account.fetch(of: .model)
        #expect(try content(folder) == Self.bytes)
        #expect(try Data(contentsOf: folder.appendingPathComponent("config.json")) == Data("{}".utf8))
        let count = account.server.contentRequests.count
        #expect(count == 2)
        try await account.fetch(of: .model)
        #expect(account.server.contentRequests.count == count)
    }

    @Test("A connection that breaks anywhere is taken up where the last byte was kept", arguments: 0..<12)
    func cuts(seed: UInt64) async throws {
        var account = try HubAccount(server())
        account.retry.attempts = 10
        var generator = SplitMix64(seed: seed)
        let cuts = (0..<5).map { _ in Int(generator.uniform() * 50_000) }
        for cut in cuts { account.server.fail("storage", .cut(after: cut)) }
        let folder = try await account.fetch(["model.safetensors"], of: .model)
        #expect(try content(folder) == Self.bytes)
        var end = 0
        for request in account.server.contentRequests {
            let start = Int((request.request.headers["range"] ?? "bytes=0-").dropFirst(6).dropLast()) ?? -1
            // What has left the server and not been kept was in flight.
            #expect(start <= end && start >= end - 50_000, "\(cuts)")
            end = start + request.sentBytes
        }
        #expect(end == Self.bytes.count)
    }

    @Test("What is given up goes on with the next call")
    func later() async throws {
        let account = try HubAccount(server())
        account.server.fail("storage", .cut(after: 1000), .cut(after: 0), .cut(after: 0), .cut(after: 0))
        let error = await #expect(throws: HubError.self) { try await account.fetch(["model.safetensors"], of: .model) }
        #expect(error?.code == .unreachable)
        account.server.fail("storage")
        #expect(try content(await account.fetch(["model.safetensors"], of: .model)) == Self.bytes)
        let ranges = account.server.contentRequests.map { $0.request.headers["range"] ?? "" }
        #expect(ranges.first == "" && ranges.last == "bytes=1000-")
    }

    @Test("A server that ignores the range, or has another file by now, is read from the beginning")
    func startedOver() async throws {
        for fault in [LoopbackHub.Fault.ignoreRange, .otherTag] {
            let account = try HubAccount(server())
            account.server.fail("storage", .cut(after: 1000), fault)
            #expect(try content(await account.fetch(["model.safetensors"], of: .model)) == Self.bytes)
            #expect(account.server.contentRequests.map(\.status) == [200, 200])
        }
    }

    @Test("The wrong bytes are thrown away and named")
    func wrongHash() async throws {
        let account = try HubAccount(server(listedHash: String(repeating: "a", count: 64)))
        let error = await #expect(throws: HubError.self) { try await account.fetch(["model.safetensors"], of: .model) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("model.safetensors") == true)
        #expect(try account.files(holding: String(decoding: Self.bytes.prefix(4), as: UTF8.self)).isEmpty)
        let left = FileManager.default.enumerator(atPath: account.folder.url.path)?.allObjects as? [String] ?? []
        #expect(!left.contains { $0.hasSuffix("model.safetensors") }, "\(left)")
    }

    @Test("A part that a crash spoiled is fetched anew")
    func spoiledPart() async throws {
        let account = try HubAccount(server())
        account.server.fail("storage", .cut(after: 1000), .cut(after: 0), .cut(after: 0), .cut(after: 0))
        await #expect(throws: HubError.self) { try await account.fetch(["model.safetensors"], of: .model) }
        let names = FileManager.default.enumerator(atPath: account.folder.url.path)?.allObjects as? [String] ?? []
        let partial = try #require(names.first { $0.contains("/partial/") && $0.hasSuffix("model.safetensors") })
        try account.folder.write(partial, [UInt8](repeating: 0, count: 1000))
        #expect(try content(await account.fetch(["model.safetensors"], of: .model)) == Self.bytes)
    }

    @Test("Two at once fetch a file once")
    func twoAtOnce() async throws {
        let account = try HubAccount(server())
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let folder = try await HubAccount(account.server, folder: account.folder).fetch(of: .model)
                    return Array(try Data(contentsOf: folder.appendingPathComponent("model.safetensors")))
                }
            }
            for try await content in group { #expect(content == Self.bytes) }
        }
        #expect(account.server.contentRequests.filter(\.isStorage).count == 1)
    }

    @Test("Cancelling ends a download that hangs, and keeps what has come")
    func cancellation() async throws {
        let account = try HubAccount(server())
        account.server.fail("storage", .hold(after: 70_000))
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await account.fetch(["model.safetensors"], of: .model) }
            while account.server.contentRequests.isEmpty { await Task.yield() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(try content(await account.fetch(["model.safetensors"], of: .model)) == Self.bytes)
    }

    @Test("Progress counts to the end")
    func progress() async throws {
        let account = try HubAccount(server())
        let (events, continuation) = AsyncStream.makeStream(of: Hub.Event.self)
        try await account.using { hub in
            let snapshot = try await hub.snapshot(of: .model)
            #expect(try hub.missingBytes(snapshot.files, of: snapshot) == Self.bytes.count + 2)
            _ = try await hub.fetch(snapshot.files, of: snapshot) { continuation.yield($0) }
            #expect(try hub.missingBytes(snapshot.files, of: snapshot) == 0)
        }
        continuation.finish()
        var last = 0
        for await event in events {
            guard case .progress(let progress) = event else { continue }
            #expect(progress.bytes >= last && progress.total == Self.bytes.count + 2)
            last = progress.bytes
        }
        #expect(last == Self.bytes.count + 2)
    }
}
