// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Rubrics

/// The folder of one run, `runs/NAME`: its recipe, its logs, its checkpoints, its report.
///
/// A directory made by ``create(root:name:)`` or ``resume(_:)`` holds the run's lock as long as any copy of the value
/// lives; one made by ``init(reading:)`` only reads.
public struct RunDirectory: Sendable {
    /// The folder.
    public let url: URL
    private let lock: RunLock?

    /// The run's name.
    public var name: String { url.lastPathComponent }
    /// The resolved recipe.
    public var recipeFile: URL { url.appendingPathComponent(Self.recipeName) }
    /// What bit-identical results depend on besides the seed.
    package var machineFile: URL { url.appendingPathComponent(Self.machineName) }
    /// The name of ``recipeFile``.
    public static let recipeName = "recipe.yaml"
    /// The name of ``machineFile``.
    package static let machineName = "machine.json"
    /// One line a step: ``StepMetrics``.
    package var metrics: JSONLinesLog { JSONLinesLog(url.appendingPathComponent("metrics.jsonl")) }
    /// One line a training rollout: ``RolloutRecord``.
    package var rollouts: JSONLinesLog { JSONLinesLog(url.appendingPathComponent("rollouts.jsonl")) }
    /// One line a held-out completion: ``HeldOutRecord``.
    package var heldOut: JSONLinesLog { JSONLinesLog(url.appendingPathComponent("held_out.jsonl")) }
    /// What the run came to: ``RunSummary``.
    public var summaryFile: URL { url.appendingPathComponent("summary.json") }
    /// The record of judges' calls, where any were made.
    public var ledgerFile: URL { url.appendingPathComponent("ledger.sqlite") }
    /// The report.
    public var reportFile: URL { url.appendingPathComponent("report.html") }
    /// The checkpoints.
    package var checkpoints: CheckpointStore { CheckpointStore(url.appendingPathComponent("checkpoints")) }
    /// The event file for TensorBoard.
    package var tensorBoard: TensorBoardWriter { TensorBoardWriter(url.appendingPathComponent("tensorboard")) }

    private init(url: URL, lock: RunLock?) {
        self.url = url
        self.lock = lock
    }

    /// Opens a run for reading.
    ///
    /// - Throws: ``RunError`` when the folder does not exist.
    public init(reading url: URL) throws {
        try Self.requireFolder(url)
        self.init(url: url, lock: nil)
    }

    /// Opens a run to continue it.
    ///
    /// - Throws: ``RunError`` when the folder does not exist or another process is writing it.
    public static func resume(_ url: URL) throws -> Self {
        try requireFolder(url)
        return try Self(url: url, lock: RunLock(folder: url))
    }

    /// Starts a run. A run of the same name moves to `NAME.1`, or `NAME.2`, … where that is taken.
    ///
    /// The folder appears at once with its lock held, so that two processes that start the same run at the same moment
    /// end with a folder each.
    ///
    /// - Parameters:
    ///   - root: The folder of all runs, made where it does not exist.
    ///   - name: The run's name: letters, digits, `-`, `_` and `.`, not first a dot.
    ///   - contents: Texts by file name that the folder holds from the start.
    /// - Returns: The run, its lock held.
    /// - Throws: ``RunError`` when the name cannot be one, another process is writing the run, or the disk refuses.
    public static func create(root: URL, name: String, contents: [String: String] = [:]) throws -> Self {
        try validate(name)
        try DurableFile.makeFolder(root)
        let final = root.appendingPathComponent(name)
        try removeAbandoned(beside: final)
        let fresh = DurableFile.hidden(final, suffix: "new-\(UUID().uuidString)")
        try DurableFile.makeFolder(fresh)
        do {
            let lock = try RunLock(folder: fresh)
            for (name, text) in contents { try DurableFile.replace(fresh.appendingPathComponent(name), with: text) }
            while try !place(fresh, at: final) {
                try moveAway(final)
            }
            try DurableFile.synchronizeFolder(root)
            return Self(url: final, lock: lock)
        } catch {
            try? FileManager.default.removeItem(at: fresh)
            throw error
        }
    }

    /// Writes a whole document of the run, for example its recipe or its report, so that it is never seen half done.
    public func write(_ text: String, to file: URL) throws {
        try DurableFile.replace(file, with: text)
    }

    /// Writes `summary.json`.
    public func write(_ summary: RunSummary) throws {
        try write(summary.json.serialized(pretty: true) + "\n", to: summaryFile)
    }

    /// Reads `summary.json`; `nil` when the run has not ended.
    public func summary() throws -> RunSummary? {
        guard DurableFile.exists(summaryFile) else { return nil }
        let value = try JSONParser.parse(DurableFile.read(summaryFile), file: summaryFile.relativePath)
        return try RunSummary(value, file: summaryFile.relativePath)
    }
}

extension RunDirectory {
    private static func requireFolder(_ url: URL) throws {
        guard DurableFile.isFolder(url) else {
            throw RunError(
                .notFound,
                path: url.relativePath,
                message: "there is no run here",
                remedy: "check the path; `ls \(url.deletingLastPathComponent().relativePath)` lists the runs"
            )
        }
    }

    /// Makes sure that a run may have this name.
    package static func validate(_ name: String) throws {
        let allowed = name.utf8.allSatisfy { byte in
            let letters = [UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z")]
            return letters.contains { $0.contains(byte) } || "0123456789-_.".utf8.contains(byte)
        }
        guard allowed, !name.isEmpty, name.utf8.count <= 100, name.utf8.first != UInt8(ascii: ".") else {
            throw RunError(
                .invalidName,
                path: name,
                message: "this is no name for a run",
                remedy: "use up to 100 letters, digits, `-`, `_` and `.`, the first not a dot"
            )
        }
    }

    /// Renames the fresh folder into place; false when a run stands there, since renaming never replaces a folder that
    /// holds anything.
    private static func place(_ fresh: URL, at final: URL) throws -> Bool {
        if rename(fresh.relativePath, final.relativePath) == 0 { return true }
        guard errno == ENOTEMPTY || errno == EEXIST else {
            throw RunError.system(errno, "make the run", path: final.relativePath)
        }
        return false
    }

    /// Removes folders that starts of the same run left behind when they were killed.
    private static func removeAbandoned(beside final: URL) throws {
        let prefix = ".\(final.lastPathComponent).new-"
        let root = final.deletingLastPathComponent()
        for name in try DurableFile.names(in: root) where name.utf8.starts(with: prefix.utf8) {
            let folder = root.appendingPathComponent(name)
            guard let lock = try? RunLock(folder: folder) else { continue }
            try DurableFile.remove(folder)
            withExtendedLifetime(lock) {}
        }
    }

    private static func moveAway(_ old: URL) throws {
        let lock = try RunLock(folder: old)
        defer { withExtendedLifetime(lock) {} }
        for number in 1... {
            let name = "\(old.lastPathComponent).\(number)"
            let numbered = old.deletingLastPathComponent().appendingPathComponent(name)
            if DurableFile.exists(numbered) { continue }
            if rename(old.relativePath, numbered.relativePath) == 0 { return }
            // ENOENT: another process has moved it; the caller looks again.
            if errno == ENOENT { return }
            guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) else {
                throw RunError.system(errno, "move the old run to \(name)", path: old.relativePath)
            }
        }
    }
}
