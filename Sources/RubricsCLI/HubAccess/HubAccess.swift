// SPDX-License-Identifier: Apache-2.0

import ChatProviders
import Foundation
import Hub
import Runs

/// The hub as the environment says: `HF_TOKEN`, `HF_ENDPOINT`, the proxy variables, `RUBRICS_CACHE`.
struct HubAccess {
    private let environment: [String: String]
    private let endpoint: URL

    /// Where files from the hub are kept.
    let cacheFolder: URL

    /// Reads the environment.
    ///
    /// - Throws: ``CommandFailure`` for a value that is no address.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        cacheFolder = Self.cacheFolder(environment)
        let text = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? "https://huggingface.co"
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""), url.host != nil else {
            throw CommandFailure("HF_ENDPOINT is \(text), which is no address: write https://HOST")
        }
        endpoint = url
    }

    /// `RUBRICS_CACHE`, or `~/.cache/rubrics`.
    private static func cacheFolder(_ environment: [String: String]) -> URL {
        if let folder = environment["RUBRICS_CACHE"], !folder.isEmpty {
            return URL(fileURLWithPath: NSString(string: folder).expandingTildeInPath, isDirectory: true)
        }
        let home =
            environment["HOME"].map { URL(fileURLWithPath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
        return home.appendingPathComponent(".cache/rubrics", isDirectory: true)
    }

    /// Uses the hub, and closes every connection.
    func using<Value>(_ body: (Hub) async throws -> Value) async throws -> Value {
        let environment = environment
        let client = HubClient(
            HubClient.Configuration(
                endpoint: endpoint,
                token: environment["HF_TOKEN"],
                proxy: { url in HTTPProxy(for: url) { environment[$0] } }
            )
        )
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(Hub(client, cache: HubCache(cacheFolder))))
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        return try result.get()
    }

    /// Finds a repository's commit and files, and tells the user what the cache stands in for.
    static func snapshot(of repository: HubRepository, _ hub: Hub) async throws -> HubSnapshot {
        let snapshot = try await hub.snapshot(of: repository)
        if let note = snapshot.note { Terminal.writeError("note: \(note)\n") }
        return snapshot
    }

    /// Fetches files with a progress line.
    ///
    /// - Returns: The folder in which each lies under its path.
    static func fetch(_ files: [HubFile], of snapshot: HubSnapshot, _ hub: Hub) async throws -> URL {
        let missing = try hub.missingBytes(files, of: snapshot)
        if missing > 0 {
            let address = snapshot.repository.address
            Terminal.writeError("fetching \(ByteCount.text(missing)) of \(address) at commit \(snapshot.commit)\n")
        }
        let progress = FetchProgress()
        defer { progress.clear() }
        return try await hub.fetch(files, of: snapshot) { progress.show($0) }
    }
}
