// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hub

/// A file to import, and where it comes from.
struct ImportedFile: Hashable {
    /// The path on this machine.
    var path: String
    /// What rows are said to come from.
    var origin: String
}

/// Which split of a data set is imported.
enum ImportedSplit: String, ExpressibleByArgument, CaseIterable {
    case train
    case val
    case test
    case all
}

/// What is imported: the files of each part, fetched.
struct ImportSource {
    /// A part that becomes a file of its own.
    struct Part {
        /// Its name; `nil` where there is but one.
        var name: String?
        var files: [ImportedFile]
    }

    /// What the user asked for.
    struct Request {
        /// A file, or `hf:ORG/NAME`.
        var source: String
        var split: ImportedSplit
        var configuration: String?
        /// A branch, a tag or a commit; in place of the address's own.
        var revision: String?
    }

    let parts: [Part]

    /// Finds the files, and fetches those of the hub.
    ///
    /// - Throws: `HubError`, ``CommandFailure``.
    init(_ request: Request) async throws {
        guard var address = try HubAddress(request.source) else {
            guard request.configuration == nil, request.revision == nil else {
                throw CommandFailure("--config and --revision belong to data sets on the hub: hf:ORG/NAME")
            }
            parts = [Part(files: [ImportedFile(path: request.source, origin: request.source)])]
            return
        }
        if let revision = request.revision {
            address = try HubAddress("hf:\(address.repository)@\(revision)") ?? address
        }
        parts = try await Self.fetch(address, request)
    }

    private static func fetch(_ address: HubAddress, _ request: Request) async throws -> [Part] {
        try await HubAccess().using { hub in
            let snapshot = try await HubAccess.snapshot(of: HubRepository(.datasets, address), hub)
            let splits = try DatasetFiles(snapshot.files).splits(of: request.configuration)
            let chosen = splits.filter { request.split == .all || $0.split.rawValue == request.split.rawValue }
            guard !chosen.isEmpty else {
                let names = splits.map(\.split.rawValue).joined(separator: ", ")
                throw CommandFailure(
                    "\(address) has no split \(request.split.rawValue): choose one with --split: \(names)"
                )
            }
            let folder = try await HubAccess.fetch(chosen.flatMap(\.files), of: snapshot, hub)
            return chosen.map { split, files in
                Part(
                    name: chosen.count > 1 ? split.rawValue : nil,
                    files: files.map { file in
                        let path = folder.appendingPathComponent(file.path).path
                        return ImportedFile(path: path, origin: "\(snapshot.pinnedAddress) \(file.path)")
                    }
                )
            }
        }
    }
}
