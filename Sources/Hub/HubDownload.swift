// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import Rubrics
import Runs

/// The download of one file: it goes on where an earlier one ended, however that ended.
struct HubDownload {
    /// Where the parts of a download lie.
    struct Places {
        /// The whole file.
        var file: URL
        /// What has come so far.
        var partial: URL
        /// The entity tag of what has come so far.
        var tag: URL
    }

    let client: HubClient
    let file: HubFile
    let snapshot: HubSnapshot
    let places: Places

    /// Fetches what is missing, verifies the whole and renames it into place.
    ///
    /// - Parameter received: Takes how many bytes came, and how many are there with them.
    /// - Throws: ``HubError``, `RunError` for the disk, `CancellationError`; what has come so far stays.
    func run(received: (_ count: Int, _ held: Int) -> Void) async throws {
        try DurableFile.makeFolder(places.partial.deletingLastPathComponent())
        try DurableFile.makeFolder(places.tag.deletingLastPathComponent())
        try DurableFile.makeFolder(places.file.deletingLastPathComponent())
        let isContinued = try Self.size(of: places.partial) > 0
        var contentHash = try await fetch(received) ?? file.contentHash
        if let damage = try damage(expecting: contentHash) {
            // An earlier process may have left bytes that a crash spoiled: once more from the beginning.
            guard isContinued else { throw damage }
            contentHash = try await fetch(received) ?? file.contentHash
            if let damage = try self.damage(expecting: contentHash) { throw damage }
        }
        try OpenFile(places.partial, O_RDONLY).synchronize()
        try DurableFile.rename(places.partial, to: places.file)
        try DurableFile.synchronizeFolder(places.file.deletingLastPathComponent())
        try DurableFile.remove(places.tag)
    }

    /// Fetches until all bytes are there, through broken connections.
    ///
    /// - Returns: The content's hash, where the hub named it on the way.
    private func fetch(_ received: (_ count: Int, _ held: Int) -> Void) async throws -> String? {
        var contentHash: String?
        var failures = 0
        while true {
            let before = try Self.size(of: places.partial)
            if before == file.size, file.size > 0 { return contentHash }
            do {
                contentHash = try await fetchOnce(from: before, received) ?? contentHash
                return contentHash
            } catch let error as HubError {
                failures = try Self.size(of: places.partial) > before ? 1 : failures + 1
                let retry = client.configuration.retry
                guard let delay = retry.delay(after: error, failures: failures) else { throw error }
                try await Task.sleep(for: delay)
            }
        }
    }

    private func fetchOnce(from offset: Int, _ received: (_ count: Int, _ held: Int) -> Void) async throws -> String? {
        let (reply, contentHash) = try await client.open(
            file,
            of: snapshot.repository,
            at: snapshot.commit,
            headers: rangeHeaders(from: offset)
        )
        let partial = try OpenFile(places.partial, O_RDWR | O_CREAT | O_APPEND)
        guard reply.status != 416 else {
            try partial.truncate(to: 0)
            throw HubError(.unreachable, "\(client.host) has no bytes of \(file.path) from \(offset) on: run again")
        }
        let continues = reply.status == 206 && Self.start(of: reply.headers) == offset
        if !continues { try partial.truncate(to: 0) }
        guard reply.status == 200 || continues else {
            throw HubError(.unreachable, "\(client.host) gave other bytes of \(file.path) than asked for: run again")
        }
        try keepTag(reply.headers.first(name: "etag"))
        try await append(reply, to: partial, from: continues ? offset : 0, received)
        return contentHash
    }

    private func append(
        _ reply: HubTransport.Reply,
        to partial: borrowing OpenFile,
        from offset: Int,
        _ received: (_ count: Int, _ held: Int) -> Void
    ) async throws {
        var held = offset
        try await reply.read { part in
            guard held + part.count <= file.size else {
                try partial.truncate(to: 0)
                throw HubError(
                    .damaged,
                    "\(file.path) is longer than the \(file.size) bytes that the hub lists: try later"
                )
            }
            try partial.write(part)
            held += part.count
            received(part.count, held)
        }
        guard held == file.size else {
            throw HubError(
                .unreachable,
                "\(client.host) ended \(file.path) after \(held) of \(file.size) bytes: run again"
            )
        }
    }

    /// Asks for what is missing, if the content is still that of which a part is there.
    private func rangeHeaders(from offset: Int) throws -> [(String, String)] {
        guard offset > 0 else { return [] }
        let range = ("range", "bytes=\(offset)-")
        guard DurableFile.exists(places.tag) else { return [range] }
        return [range, ("if-range", String(decoding: try DurableFile.read(places.tag), as: UTF8.self))]
    }

    /// Keeps a strong entity tag for the next range; weak ones name no bytes.
    private func keepTag(_ tag: String?) throws {
        guard let tag, tag.utf8.first == UInt8(ascii: "\"") else { return try DurableFile.remove(places.tag) }
        try DurableFile.replace(places.tag, with: tag)
    }

    /// What is wrong with the bytes that have come; they are then removed.
    private func damage(expecting contentHash: String?) throws -> HubError? {
        guard let contentHash, try hash() != contentHash else { return nil }
        try DurableFile.remove(places.partial)
        try DurableFile.remove(places.tag)
        return HubError(
            .damaged,
            "\(file.path) of \(snapshot.repository.address) does not have the SHA-256 that the hub lists (\(contentHash)): "
                + "it was thrown away; run again, and check what stands between here and \(client.host) if it stays so"
        )
    }

    private func hash() throws -> String {
        let partial = try OpenFile(places.partial, O_RDONLY)
        var hash = ContentHash()
        var offset = 0
        while offset < file.size {
            try Task.checkCancellation()
            let bytes = try partial.read(min(1 << 20, file.size - offset), from: offset)
            guard !bytes.isEmpty else { break }
            hash.update(bytes)
            offset += bytes.count
        }
        return hash.hexadecimal()
    }

    /// The bytes that a file holds; none where there is no file.
    static func size(of url: URL) throws -> Int {
        DurableFile.exists(url) ? try OpenFile(url, O_RDONLY).size : 0
    }

    /// Where the bytes of a partial answer begin: `Content-Range: bytes 5-9/10`.
    private static func start(of headers: HTTPHeaders) -> Int? {
        guard let range = headers.first(name: "content-range"), range.hasPrefix("bytes ") else { return nil }
        return Int(range.dropFirst(6).prefix { $0 != "-" })
    }
}
