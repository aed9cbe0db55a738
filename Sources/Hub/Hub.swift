// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Runs

/// The hub seen through the cache: what was fetched once is not fetched again, and is used when nobody answers.
package struct Hub: Sendable {
    /// What happens while files are fetched.
    package enum Event: Sendable, Hashable {
        /// Bytes have come, or a file is there.
        case progress(HubProgress)
        /// Another process fetches the same files; this one waits for it.
        case waiting
    }

    private let client: HubClient
    private let cache: HubCache

    /// Puts a client and a cache together.
    package init(_ client: HubClient, cache: HubCache) {
        self.client = client
        self.cache = cache
    }

    /// A repository as it is now; as it was when the hub was last asked, when it cannot be reached.
    ///
    /// A commit that was listed before costs no request.
    ///
    /// - Parameter repository: The repository with its revision.
    /// - Returns: The snapshot, with a note where the cache stands in for the hub.
    /// - Throws: ``HubError``, `RunError` for the cache, `CancellationError`.
    package func snapshot(of repository: HubRepository) async throws -> HubSnapshot {
        let known = try cache.commit(of: repository)
        if HubPath.isCommit(repository.address.revision), let known,
            let files = try cache.files(of: repository, at: known)
        {
            return HubSnapshot(repository: repository, commit: known, files: files)
        }
        do {
            let commit = try await client.commit(of: repository)
            let listed = try cache.files(of: repository, at: commit)
            let files = if let listed { listed } else { try await client.files(of: repository, at: commit) }
            let snapshot = HubSnapshot(repository: repository, commit: commit, files: files)
            let lock = try await FileLock.waiting(for: cache.listLock(of: repository))
            defer { withExtendedLifetime(lock) {} }
            try cache.keep(snapshot)
            return snapshot
        } catch let error as HubError where error.isTransient {
            guard let known, let files = try cache.files(of: repository, at: known) else { throw error }
            let note = "\(repository.address): \(error); commit \(known) from the cache is used"
            return HubSnapshot(repository: repository, commit: known, files: files, note: note)
        }
    }

    /// The bytes of files that are still to be fetched.
    package func missingBytes(_ files: [HubFile], of snapshot: HubSnapshot) throws -> Int {
        try cache.missingBytes(files, of: snapshot)
    }

    /// Fetches what the cache does not hold.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - snapshot: Where they are.
    ///   - observer: Told about progress.
    /// - Returns: The folder in which each lies under its path.
    /// - Throws: ``HubError``, `RunError` for the disk, `CancellationError`.
    @concurrent
    package func fetch(
        _ files: [HubFile],
        of snapshot: HubSnapshot,
        observer: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws -> URL {
        let folder = cache.folder(of: snapshot)
        guard try files.contains(where: { try !cache.holds($0, of: snapshot) }) else { return folder }
        let lock = try await FileLock.waiting(for: cache.lock(of: snapshot)) { observer(.waiting) }
        defer { withExtendedLifetime(lock) {} }
        let missing = try cache.missingBytes(files, of: snapshot)
        try DiskSpace.require(missing, for: "files of \(snapshot.repository.address)", at: folder)
        let total = files.reduce(0) { $0 + $1.size }
        var count = HubProgressCount(total: total, clock: ContinuousClock()) { observer(.progress($0)) }
        for file in files {
            if try !cache.holds(file, of: snapshot) { try await fetch(file, of: snapshot, &count) }
            count.finish(file)
        }
        return folder
    }

    private func fetch(
        _ file: HubFile,
        of snapshot: HubSnapshot,
        _ count: inout HubProgressCount<ContinuousClock>
    ) async throws {
        let download = HubDownload(
            client: client,
            file: file,
            snapshot: snapshot,
            places: cache.places(of: file, in: snapshot)
        )
        do {
            try await download.run { count.receive($0, held: $1, of: file) }
        } catch let error as HubError where error.isTransient && snapshot.note != nil {
            throw HubError(
                .notCached,
                "\(file.path) of \(snapshot.repository.address) is not in the cache, and \(error)"
            )
        }
    }
}
