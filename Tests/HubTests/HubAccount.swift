// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import TestSupport

/// A user of a loopback hub with a cache of their own.
struct HubAccount {
    let server: LoopbackHub
    let folder: TemporaryFolder
    var token: String?
    var retry = HubRetry(attempts: 3, firstDelay: .milliseconds(1), longestDelay: .milliseconds(2))

    init(_ server: LoopbackHub, folder: TemporaryFolder? = nil, token: String? = nil) throws {
        self.server = server
        self.folder = try folder ?? TemporaryFolder()
        self.token = token
    }

    /// Uses the hub, and closes every connection.
    func using<Value>(_ body: (Hub) async throws -> Value) async throws -> Value {
        let configuration = HubClient.Configuration(endpoint: server.url, token: token, retry: retry)
        let client = HubClient(configuration)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(Hub(client, cache: HubCache(folder.url))))
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        return try result.get()
    }

    /// Fetches all files of a repository, or those whose paths are given.
    @discardableResult
    func fetch(_ paths: [String]? = nil, of repository: HubRepository) async throws -> URL {
        try await using { hub in
            let snapshot = try await hub.snapshot(of: repository)
            let files = try paths.map { paths in
                try paths.map { path in try snapshot.file(path) ?? { throw HubError(.notFound, path) }() }
            }
            return try await hub.fetch(files ?? snapshot.files, of: snapshot)
        }
    }

    /// Everything below the cache that holds a text.
    func files(holding text: String) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.url.path)?.allObjects as? [String] ?? []
        return names.filter { name in
            FileManager.default.contents(atPath: folder.path(name))?.range(of: Data(text.utf8)) != nil
        }
    }
}

extension LoopbackHub.Repository {
    /// Bytes that do not compress and do not repeat.
    static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
}

/// The parts of a repository that tests ask for.
extension HubRepository {
    static let model = HubRepository(.models, HubAddress(repository: "org/model"))
    static let rows = HubRepository(.datasets, HubAddress(repository: "org/rows"))
}
