// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics
import Runs

/// What was fetched from the hub, by commit: `ROOT/hub/models/ORG/NAME/…`, shared by all runs and commands.
///
/// | place | holds |
/// | --- | --- |
/// | `revisions/REVISION.commit` | the commit that a branch or tag was when the hub was last asked |
/// | `lists/COMMIT.json` | the files of a commit |
/// | `files/COMMIT/…` | whole files, verified |
/// | `partial/COMMIT/…`, `tags/COMMIT/…` | what has come of others |
/// | `locks/COMMIT`, `locks/lists` | held while a process fetches, or notes what the hub said |
package struct HubCache: Sendable, Hashable {
    /// The folder of the whole cache.
    package let root: URL

    /// Names the folder of a cache; it is made when something is put into it.
    package init(_ root: URL) {
        self.root = root
    }

    /// The folder of a snapshot's whole files.
    package func folder(of snapshot: HubSnapshot) -> URL {
        folder(of: snapshot.repository, "files").appendingPathComponent(snapshot.commit, isDirectory: true)
    }

    /// Where a file's parts lie.
    func places(of file: HubFile, in snapshot: HubSnapshot) -> HubDownload.Places {
        func place(_ kind: String) -> URL {
            folder(of: snapshot.repository, kind).appendingPathComponent(snapshot.commit)
                .appendingPathComponent(file.path)
        }
        return HubDownload.Places(file: place("files"), partial: place("partial"), tag: place("tags"))
    }

    /// The lock of what the hub said about a repository.
    func listLock(of repository: HubRepository) -> URL {
        folder(of: repository, "locks").appendingPathComponent("lists")
    }

    /// The lock of a snapshot.
    func lock(of snapshot: HubSnapshot) -> URL {
        folder(of: snapshot.repository, "locks").appendingPathComponent(snapshot.commit)
    }

    /// Whether the whole file is there.
    package func holds(_ file: HubFile, of snapshot: HubSnapshot) throws -> Bool {
        let place = places(of: file, in: snapshot).file
        return try DurableFile.exists(place) && HubDownload.size(of: place) == file.size
    }

    /// The bytes of these files that are still to be fetched.
    package func missingBytes(_ files: [HubFile], of snapshot: HubSnapshot) throws -> Int {
        try files.reduce(0) { sum, file in
            guard try !holds(file, of: snapshot) else { return sum }
            return try sum + max(0, file.size - HubDownload.size(of: places(of: file, in: snapshot).partial))
        }
    }

    /// The commit that a revision was when the hub was last asked; `nil` when it never was.
    func commit(of repository: HubRepository) throws -> String? {
        if HubPath.isCommit(repository.address.revision) { return repository.address.revision }
        let url = revisionFile(of: repository)
        guard DurableFile.exists(url) else { return nil }
        let commit = String(decoding: try DurableFile.read(url).prefix(40), as: UTF8.self)
        return HubPath.isCommit(commit) ? commit : nil
    }

    /// The files of a commit, where they were listed before.
    func files(of repository: HubRepository, at commit: String) throws -> [HubFile]? {
        let url = listFile(of: repository, commit)
        guard DurableFile.exists(url) else { return nil }
        // What cannot be read is asked for again.
        let list = try? JSONParser.parse(DurableFile.read(url), file: url.path)
        return try? list?.array?.compactMap { try HubFile(entry: $0) }
    }

    /// Keeps what the hub said.
    func keep(_ snapshot: HubSnapshot) throws {
        let list = listFile(of: snapshot.repository, snapshot.commit)
        try DurableFile.makeFolder(list.deletingLastPathComponent())
        try DurableFile.replace(list, with: JSONValue.array(snapshot.files.map(\.entry)).serialized() + "\n")
        let revision = revisionFile(of: snapshot.repository)
        try DurableFile.makeFolder(revision.deletingLastPathComponent())
        try DurableFile.replace(revision, with: snapshot.commit + "\n")
    }

    private func revisionFile(of repository: HubRepository) -> URL {
        let name = HubPath.encoded(repository.address.revision) + ".commit"
        return folder(of: repository, "revisions").appendingPathComponent(name)
    }

    private func listFile(of repository: HubRepository, _ commit: String) -> URL {
        folder(of: repository, "lists").appendingPathComponent(commit + ".json")
    }

    private func folder(of repository: HubRepository, _ kind: String) -> URL {
        root.appendingPathComponent("hub").appendingPathComponent(repository.kind.rawValue)
            .appendingPathComponent(repository.address.repository).appendingPathComponent(kind)
    }
}
