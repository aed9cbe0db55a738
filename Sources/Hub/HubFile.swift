// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A file of a repository at a commit.
package struct HubFile: Sendable, Hashable {
    /// The path within the repository.
    package var path: String
    /// The number of bytes.
    package var size: Int
    /// The content's SHA-256 in hexadecimal digits, where the hub keeps it: for all large files.
    package var contentHash: String?

    /// Describes a file.
    package init(path: String, size: Int, contentHash: String? = nil) {
        self.path = path
        self.size = size
        self.contentHash = contentHash
    }

    /// An entry of the hub's list; `nil` for a folder.
    ///
    /// - Throws: ``HubError`` for an entry that cannot be read, or whose path leads out of its folder.
    init?(entry: JSONValue) throws {
        guard entry["type"]?.string != "directory" else { return nil }
        guard let path = entry["path"]?.string, let size = entry["size"]?.int, size >= 0 else {
            throw HubError(
                .malformed,
                "the hub's list of files holds an entry without a path or a size: try again later"
            )
        }
        guard HubPath.isSafe(path) else {
            throw HubError(
                .unsafePath,
                "the repository holds a file named \(JSONValue.string(path).serialized()), which is no plain path: "
                    + "nothing was fetched"
            )
        }
        let hash = entry["lfs"]?["oid"]?.string
        self.init(path: path, size: size, contentHash: hash.flatMap { HubPath.isContentHash($0) ? $0 : nil })
    }

    /// The entry as the cache keeps it, in the hub's own form.
    var entry: JSONValue {
        var object: JSONObject = ["type": "file", "path": .string(path), "size": .integer(size)]
        object["lfs"] = contentHash.map { ["oid": .string($0)] }
        return .object(object)
    }
}

/// A repository at one commit.
package struct HubSnapshot: Sendable, Hashable {
    /// The repository.
    package var repository: HubRepository
    /// The commit, 40 hexadecimal digits.
    package var commit: String
    /// Its files in the order of their paths.
    package var files: [HubFile]
    /// What the user should know: why the cache was used, for example.
    package var note: String?

    /// Describes a repository at a commit.
    package init(repository: HubRepository, commit: String, files: [HubFile], note: String? = nil) {
        self.repository = repository
        self.commit = commit
        self.files = files
        self.note = note
    }

    /// The address with the commit in it, which always means the same content.
    package var pinnedAddress: HubAddress {
        HubAddress(repository: repository.address.repository, revision: commit)
    }

    /// The file with this path.
    package func file(_ path: String) -> HubFile? {
        files.first { $0.path.isExactly(path) }
    }
}
