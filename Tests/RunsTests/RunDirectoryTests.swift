// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Runs

struct RunDirectoryTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A new run of the same name moves the old one to the first free number")
    func movesOldRuns() throws {
        for number in 0..<3 {
            let run = try RunDirectory.create(root: folder.url, name: "demo")
            try run.write("run \(number)", to: run.recipeFile)
        }
        #expect(try folder.names() == ["demo", "demo.1", "demo.2"])
        #expect(try folder.text("demo/recipe.yaml") == "run 2")
        #expect(try folder.text("demo.1/recipe.yaml") == "run 0")
        #expect(try folder.text("demo.2/recipe.yaml") == "run 1")
    }

    @Test("A run that is being written is neither moved nor resumed")
    func refusesLockedRuns() throws {
        let run = try RunDirectory.create(root: folder.url, name: "demo")
        let again = #expect(throws: RunError.self) { try RunDirectory.create(root: folder.url, name: "demo") }
        #expect(again?.code == .locked)
        #expect(again?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        #expect(throws: RunError.self) { try RunDirectory.resume(run.url) }
        #expect(try RunDirectory(reading: run.url).name == "demo")
        #expect(try folder.names() == ["demo"], "nothing half made stays")
    }

    @Test("The lock ends with its holder, whatever its file says")
    func takesStaleLocks() throws {
        let url = try RunDirectory.create(root: folder.url, name: "demo").url
        try Data("999999\n".utf8).write(to: url.appendingPathComponent("lock"))
        let run = try RunDirectory.resume(url)
        #expect(run.url == url)
    }

    @Test("Two processes that start the same run at the same moment get a folder each")
    func createsConcurrently() async throws {
        let root = folder.url
        let made = await withTaskGroup(of: RunDirectory?.self) { group in
            for _ in 0..<8 { group.addTask { try? RunDirectory.create(root: root, name: "race") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(made.compactMap(\.self).count >= 1)
        #expect(try folder.names().allSatisfy { $0.hasPrefix("race") })
    }

    @Test(arguments: ["", ".", "..", ".hidden", "a/b", "a b", "naïve", String(repeating: "x", count: 101)])
    func refusesName(_ name: String) {
        let error = #expect(throws: RunError.self) { try RunDirectory.create(root: folder.url, name: name) }
        #expect(error?.code == .invalidName)
    }

    @Test("An empty folder of that name is used, a file of that name is an error with a remedy")
    func handlesWhatStandsThere() throws {
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("empty"),
            withIntermediateDirectories: true
        )
        _ = try RunDirectory.create(root: folder.url, name: "empty")
        _ = try folder.file("file", "")
        let error = #expect(throws: RunError.self) { try RunDirectory.create(root: folder.url, name: "file") }
        #expect(error?.remedy.contains("move it away") == true)
    }

    @Test("Reading a run that does not exist says where to look")
    func missingRun() {
        let error = #expect(throws: RunError.self) {
            try RunDirectory(reading: folder.url.appendingPathComponent("nowhere"))
        }
        #expect(error?.code == .notFound)
    }

    @Test("A document is replaced whole and no temporary file stays")
    func replacesDocuments() throws {
        let run = try RunDirectory.create(root: folder.url, name: "demo")
        try run.write("one", to: run.reportFile)
        try run.write("two", to: run.reportFile)
        #expect(try folder.text("demo/report.html") == "two")
        #expect(try folder.names("demo") == ["lock", "report.html"])
    }

    @Test("A full device leaves the old document", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDevice() throws {
        let run = try RunDirectory.create(root: folder.url, name: "demo")
        try FileManager.default.createSymbolicLink(
            at: run.url.appendingPathComponent("metrics.jsonl"),
            withDestinationURL: URL(fileURLWithPath: "/dev/full")
        )
        let error = #expect(throws: RunError.self) { try run.metrics.append([["step": 1]]) }
        #expect(error?.code == .noSpace)
        #expect(error?.description.contains("metrics.jsonl: cannot write: No space left on device; free some") == true)
    }
}

struct DiskSpaceTests {
    @Test("Too little space is an error that says how much is needed")
    func says() throws {
        let url = FileManager.default.temporaryDirectory
        let error = #expect(throws: RunError.self) {
            try DiskSpace.require(1_600_000_000, of: 900_000_000, for: "checkpoint of step 10", at: url)
        }
        #expect(error?.code == .noSpace)
        #expect(error?.message == "the checkpoint of step 10 needs 1.6 GB and 900.0 MB are free")
        #expect(error?.remedy.hasPrefix("free at least 700.0 MB") == true)
        try DiskSpace.require(1, for: "nothing", at: url.appendingPathComponent("not/yet/there"))
        #expect(try #require(DiskSpace.free(at: url)) > 0)
    }

    @Test(arguments: [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
        (1_600_000_000, "1.6 GB"),
    ])
    func byteCounts(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}

struct RunErrorTests {
    @Test(arguments: [
        (ENOSPC, RunError.Code.noSpace), (EDQUOT, .noSpace), (EACCES, .permissionDenied), (EPERM, .permissionDenied),
        (EROFS, .permissionDenied), (ENOENT, .notFound), (EMFILE, .system), (EIO, .system), (ENOTDIR, .system),
        (EINVAL, .system),
    ])
    func mapsErrno(number: Int32, code: RunError.Code) {
        let error = RunError.system(number, "write", path: "runs/demo/metrics.jsonl")
        #expect(error.code == code)
        #expect(error.description.hasPrefix("runs/demo/metrics.jsonl: cannot write: "))
        #expect(!error.remedy.isEmpty)
    }

    @Test("Foundation's errors keep their cause; cancellation stays itself")
    func wraps() throws {
        let missing = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        do {
            try FileManager.default.removeItem(at: missing)
        } catch {
            #expect((RunError.wrapping(error, "remove", path: "x") as? RunError)?.code == .notFound)
        }
        #expect(RunError.wrapping(CancellationError(), "remove", path: "x") is CancellationError)
    }
}
