// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics

/// A complete checkpoint on disk.
package struct Checkpoint: Sendable, Hashable {
    /// The step after which it was taken.
    package var step: Int
    /// The folder that holds its files.
    package var url: URL
    /// What it was chosen by, for the best one: the held-out mean.
    package var score: Double?

    /// Makes a description of a checkpoint.
    package init(step: Int, url: URL, score: Double? = nil) {
        self.step = step
        self.url = url
        self.score = score
    }
}

/// The checkpoints of a run: folders `step-000010` and `best` that appear whole or not at all.
///
/// Files are written to a hidden folder, synchronised, listed with their sizes in `checkpoint.json`, and renamed into
/// place. A folder whose files do not match the list is not a checkpoint.
package struct CheckpointStore: Sendable, Hashable {
    /// The folder of all checkpoints.
    package let url: URL

    /// Names the folder; it is made by the first save.
    package init(_ url: URL) {
        self.url = url
    }

    /// Saves the checkpoint of a step.
    ///
    /// - Parameters:
    ///   - step: The step that has just ended.
    ///   - bytes: About how much will be written, checked against the free space first.
    ///   - contents: Writes the files into the folder it is given.
    /// - Returns: The checkpoint at its final place.
    /// - Throws: ``RunError``, and what `contents` throws; nothing half written stays.
    @discardableResult
    package func save(step: Int, needing bytes: Int, contents: (URL) async throws -> Void) async throws -> Checkpoint {
        try await save(Checkpoint(step: step, url: folder(of: step)), needing: bytes, contents: contents)
    }

    /// Saves the best checkpoint so far in place of the last best one.
    ///
    /// - Parameters:
    ///   - step: The step that has just been evaluated.
    ///   - score: What it was chosen by.
    ///   - bytes: About how much will be written.
    ///   - contents: Writes the files into the folder it is given.
    /// - Returns: The checkpoint at its final place.
    /// - Throws: ``RunError``, and what `contents` throws; the last best one then stays.
    @discardableResult
    package func saveBest(
        step: Int,
        score: Double,
        needing bytes: Int,
        contents: (URL) async throws -> Void
    ) async throws -> Checkpoint {
        let best = url.appendingPathComponent("best")
        return try await save(Checkpoint(step: step, url: best, score: score), needing: bytes, contents: contents)
    }

    /// The complete checkpoints of steps, oldest first.
    package func all() throws -> [Checkpoint] {
        try DurableFile.names(in: url).compactMap { name in
            guard let step = Self.step(in: name) else { return nil }
            return try load(url.appendingPathComponent(name), expecting: step)
        }.sorted { $0.step < $1.step }
    }

    /// The newest complete checkpoint, or `nil` when there is none.
    package func latest() throws -> Checkpoint? {
        try all().last
    }

    /// The best checkpoint, or `nil` when there is none.
    package func best() throws -> Checkpoint? {
        try load(url.appendingPathComponent("best"), expecting: nil)
    }

    /// Removes all checkpoints of steps but the newest `count`; the best one stays.
    package func prune(keepingLast count: Int) throws {
        for checkpoint in try all().dropLast(max(1, count)) {
            // Out of sight first: a kill in between leaves what repair() removes.
            let displaced = DurableFile.hidden(checkpoint.url, suffix: "old")
            try DurableFile.remove(displaced)
            try DurableFile.rename(checkpoint.url, to: displaced)
            try DurableFile.remove(displaced)
        }
    }

    /// Tidies up after a kill: removes what was half written, and puts back a best checkpoint caught in replacement.
    package func repair() throws {
        let best = url.appendingPathComponent("best")
        let displaced = DurableFile.hidden(best, suffix: "old")
        if DurableFile.exists(displaced) && !DurableFile.exists(best) { try DurableFile.rename(displaced, to: best) }
        for name in try DurableFile.names(in: url) where name.utf8.first == UInt8(ascii: ".") {
            try DurableFile.remove(url.appendingPathComponent(name))
        }
    }
}

extension CheckpointStore {
    private static let manifest = "checkpoint.json"

    private func folder(of step: Int) -> URL {
        let digits = String(step)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
        return url.appendingPathComponent("step-\(zeros)\(digits)")
    }

    private static func step(in name: String) -> Int? {
        name.hasPrefix("step-") ? Int(name.dropFirst("step-".count)) : nil
    }

    private func save(
        _ checkpoint: Checkpoint,
        needing bytes: Int,
        contents: (URL) async throws -> Void
    ) async throws -> Checkpoint {
        try DurableFile.makeFolder(url)
        let temporary = DurableFile.hidden(checkpoint.url, suffix: "tmp")
        try DurableFile.remove(temporary)
        try DiskSpace.require(bytes, for: "checkpoint of step \(checkpoint.step)", at: url)
        do {
            try DurableFile.makeFolder(temporary)
            try await contents(temporary)
            try writeManifest(of: checkpoint, in: temporary)
            try DurableFile.synchronizeTree(temporary)
            try replace(checkpoint.url, by: temporary)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw error
        }
        return checkpoint
    }

    private func replace(_ final: URL, by fresh: URL) throws {
        let displaced = DurableFile.hidden(final, suffix: "old")
        try DurableFile.remove(displaced)
        if DurableFile.exists(final) { try DurableFile.rename(final, to: displaced) }
        try DurableFile.rename(fresh, to: final)
        try DurableFile.synchronizeFolder(url)
        try DurableFile.remove(displaced)
    }

    private func writeManifest(of checkpoint: Checkpoint, in folder: URL) throws {
        let files = try Self.files(in: folder).map { file in
            JSONValue.object(["name": .string(file.name), "bytes": .integer(file.bytes)])
        }
        var value: JSONObject = ["step": .integer(checkpoint.step)]
        value["score"] = checkpoint.score.map(JSONValue.number)
        value["files"] = .array(files)
        let text = JSONValue.object(value).serialized(pretty: true) + "\n"
        try DurableFile.replace(folder.appendingPathComponent(Self.manifest), with: text)
    }

    /// Reads a checkpoint's description; `nil` unless every file is there in its full size.
    private func load(_ folder: URL, expecting step: Int?) throws -> Checkpoint? {
        let manifest = folder.appendingPathComponent(Self.manifest)
        guard DurableFile.exists(manifest),
            let value = try? JSONParser.parse(DurableFile.read(manifest), file: manifest.relativePath),
            let own = value["step"]?.int, step == nil || own == step, let listed = value["files"]?.array
        else { return nil }
        let sizes = Dictionary(try Self.files(in: folder).map { ($0.name, $0.bytes) }) { first, _ in first }
        let isComplete = listed.allSatisfy { file in
            guard let name = file["name"]?.string, let bytes = file["bytes"]?.int else { return false }
            return sizes[name] == bytes
        }
        return isComplete ? Checkpoint(step: own, url: folder, score: value["score"]?.double) : nil
    }

    /// The files below a folder by their relative paths, in byte order.
    private static func files(in folder: URL, prefix: String = "") throws -> [(name: String, bytes: Int)] {
        try DurableFile.names(in: folder).flatMap { name -> [(name: String, bytes: Int)] in
            let url = folder.appendingPathComponent(name)
            if DurableFile.isFolder(url) { return try files(in: url, prefix: "\(prefix)\(name)/") }
            return [(prefix + name, try OpenFile(url, O_RDONLY).size)]
        }
    }
}
