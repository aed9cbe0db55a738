// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

/// `rubrics import` of a data set on a copy of the hub.
@Suite(
    "Imports from the hub",
    .timeLimit(.minutes(10)),
    .enabled(if: TestDuckDB.isThere, "\(TestDuckDB.missing)")
)
struct HubImportTests {
    @Test("A split becomes native rows that say where they come from; the token stays where it is")
    func train() async throws {
        let user = try HubUser([HubUser.publishedRows(access: .gated(HubUser.token))])
        let result = try await user.run(["import", "hf:org/rows", "--out", user.folder.path("rows.jsonl")])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("4,000 rows, 12,000 criteria"), "\(result.output)")
        #expect(result.output.contains("8,000 positive, 0 negative, 4,000 undecided"), "\(result.output)")
        let rows = try user.lines("rows.jsonl")
        #expect(rows.count == 4000)
        for (number, row) in rows.enumerated() {
            try #require(row["reference_answer"] == .string("It is \(number)"))
        }
        let last = try #require(rows.last)
        #expect(last["prompt"]?.string == "What is 3999? Say \"so\" — 明")
        #expect(last["criteria"]?.array?.map { $0["weight"]?.double } == [5, 1, 1])
        #expect(last["provenance"]?["strategy"] == "import")
        let origin = "from hf:org/rows@\(HubUser.commit) data/train-00001-of-00002.parquet"
        #expect(last["provenance"]?["changes"]?.array?.first?["reason"] == .string(origin))
        #expect(!user.holds(HubUser.token) && !(result.output + result.errors).contains(HubUser.token))
        #expect(user.server.log.allSatisfy { !$0.isStorage || $0.request.headers["authorization"] == nil })
    }

    @Test("Several splits become a file each, and what is cached needs no hub")
    func splits() async throws {
        let user = try HubUser([HubUser.publishedRows()])
        let arguments = [
            "import", "hf:org/rows", "--split", "all", "--limit", "15", "--out", user.folder.path("r.jsonl"),
        ]
        let first = try await user.run(arguments)
        #expect(first.status == 0, "\(first.errors)")
        #expect(try user.lines("r-train.jsonl").count == 15 && user.lines("r-val.jsonl").count == 10)
        let test = try user.lines("r-test.jsonl")
        #expect(test.count == 15 && !FileManager.default.fileExists(atPath: user.folder.path("r.jsonl")))
        let count = user.server.contentRequests.count
        user.server.stop()
        let again = try await user.run(arguments)
        #expect(again.status == 0 && again.errors.contains("from the cache is used"), "\(again.errors)")
        #expect(try user.lines("r-test.jsonl") == test && user.server.contentRequests.count == count)
    }

    @Test("A split, a configuration or a set that is not there ends the command before any file is written")
    func absences() async throws {
        var few = try HubUser.publishedRows()
        few.files = few.files.filter { !$0.key.contains("val") }
        let user = try HubUser([few])
        let cases: [([String], String)] = [
            (["hf:org/rows", "--split", "val"], "choose one with --split: train, test"),
            (["hf:org/rows", "--config", "fr"], "choose one with --config: default"),
            (["hf:org/other"], "no data set hf:org/other"), (["hf:org/rows", "--revision", "v2"], "no revision v2"),
            (["hf:org"], "is no address on the hub"), (["rows.jsonl", "--revision", "v2"], "--revision belong to"),
        ]
        for (arguments, text) in cases {
            let result = try await user.run(["import"] + arguments + ["--out", user.folder.path("rows.jsonl")])
            #expect(result.status == 2 && result.errors.contains(text), "\(result.errors)")
            #expect(user.files("rows.jsonl").isEmpty)
        }
    }

    @Test("Killed in the middle of a download, the command goes on where the last byte was kept")
    func kill() async throws {
        let user = try HubUser([HubUser.publishedRows()])
        let arguments = ["import", "hf:org/rows", "--split", "train", "--out", user.folder.path("rows.jsonl")]
        var ends: [Int] = []
        for held in [10_000, 3000] {
            let before = user.server.contentRequests.count
            user.server.fail("storage", .hold(after: held))
            let end = (ends.last ?? 0) + held
            let result = try await user.run(
                arguments,
                signal: (SIGKILL, .when { user.partialBytes == end && user.server.contentRequests.count > before })
            )
            #expect(result.status == -SIGKILL, "\(result.output)\(result.errors)")
            #expect(user.files("rows.jsonl").isEmpty)
            ends.append(end)
        }
        let result = try await user.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try user.lines("rows.jsonl").count == 4000)
        let ranges = user.server.contentRequests.map { $0.request.headers["range"] ?? "" }
        #expect(ranges == ["", "bytes=10000-", "bytes=13000-", ""])
        let files = try HubUser.publishedRows().files.filter { $0.key.contains("train") }
        let sent = user.server.contentRequests.map(\.sentBytes).reduce(0, +)
        #expect(sent == files.values.map(\.bytes.count).reduce(0, +))
    }

    @Test(
        "A full disk ends the import with the place and the remedy, and it goes on where there is room",
        .enabled(if: Mount.isAvailable, "needs user namespaces and tmpfs")
    )
    func fullDisk() async throws {
        let user = try HubUser([HubUser.publishedRows()])
        let disk = user.folder.url.appendingPathComponent("disk")
        let saved = user.folder.url.appendingPathComponent("cache")
        let arguments = ["import", "hf:org/rows", "--out", user.folder.path("rows.jsonl")]
        let result = try await Mount.run(
            kilobytes: 24,
            at: disk,
            keeping: saved,
            environment: user.environment.merging(["RUBRICS_CACHE": disk.path]) { $1 },
            [Command.executable] + arguments
        )
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains(disk.path) && result.errors.contains("free"), "\(result.errors)")
        #expect(user.files("rows.jsonl").isEmpty)
        let again = try await user.run(arguments)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try user.lines("rows.jsonl").count == 4000)
    }

    @Test("Interrupted, the command ends at once and keeps what has come")
    func interruption() async throws {
        let user = try HubUser([HubUser.publishedRows()])
        user.server.fail("storage", .hold(after: 5000))
        let arguments = ["import", "hf:org/rows", "--out", user.folder.path("rows.jsonl")]
        let result = try await user.run(arguments, signal: (SIGINT, .when { user.partialBytes > 0 }))
        #expect(result.status == 130, "\(result.errors)")
        #expect(user.partialBytes > 0 && user.files("rows.jsonl").isEmpty)
    }
}

extension HubUser {
    /// The bytes of files that are not whole yet.
    var partialBytes: Int {
        files(".parquet").filter { $0.contains("/partial/") }.reduce(0) { sum, name in
            let size = try? FileManager.default.attributesOfItem(atPath: folder.path(name))[.size] as? Int
            return sum + (size ?? 0)
        }
    }
}
