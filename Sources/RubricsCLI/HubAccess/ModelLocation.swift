// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub

/// Where a model is: a folder or a GGUF file, or a repository on the hub, `hf:ORG/NAME` or `hf:ORG/NAME@REVISION`.
///
/// Everything that takes a model goes through here.
struct ModelLocation {
    /// The folder or the file.
    let path: String
    /// The address with its commit, for a model on the hub.
    let pinnedAddress: HubAddress?

    /// Finds a model, and fetches what is not there yet.
    ///
    /// - Parameters:
    ///   - text: What the user wrote.
    ///   - environment: Where the hub's settings are looked up.
    /// - Throws: `HubError` for the hub and for a repository without a model that can be read, ``CommandFailure`` for
    ///   settings of the environment.
    init(_ text: String, environment: [String: String] = ProcessInfo.processInfo.environment) async throws {
        guard let address = try HubAddress(text) else {
            (path, pinnedAddress) = (text, nil)
            return
        }
        (path, pinnedAddress) = try await HubAccess(environment: environment).using { hub in
            let (snapshot, files) = try await Self.files(of: address, hub)
            if let note = files.note { Terminal.writeError("note: \(note)\n") }
            let folder = try await HubAccess.fetch(files.all, of: snapshot, hub)
            let path = files.single.map { folder.appendingPathComponent($0.path) } ?? folder
            return (path.path, snapshot.pinnedAddress)
        }
    }

    /// The bytes that finding a model would fetch; 0 for one on this machine.
    ///
    /// - Parameters:
    ///   - text: What the user wrote.
    ///   - environment: Where the hub's settings are looked up.
    /// - Returns: The bytes.
    /// - Throws: As ``init(_:environment:)``.
    static func missingBytes(
        of text: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Int {
        guard let address = try HubAddress(text) else { return 0 }
        return try await HubAccess(environment: environment).using { hub in
            let (snapshot, files) = try await Self.files(of: address, hub)
            return try hub.missingBytes(files.all, of: snapshot)
        }
    }

    /// The files of a model; a list of shards is fetched for it.
    private static func files(of address: HubAddress, _ hub: Hub) async throws -> (HubSnapshot, ModelFiles) {
        let snapshot = try await HubAccess.snapshot(of: HubRepository(.models, address), hub)
        var files = try ModelFiles(snapshot)
        if let index = files.index {
            let folder = try await HubAccess.fetch([index], of: snapshot, hub)
            try files.addShards(namedIn: folder.appendingPathComponent(index.path), of: snapshot)
        }
        return (snapshot, files)
    }
}
