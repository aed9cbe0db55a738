// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

/// `rubrics convert`, as a user runs it.
@Suite("Conversion on the command line", .timeLimit(.minutes(5)))
struct ConvertCommandTests {
    private static let virtue: JSONValue = ["description": "Names it.", "weight": 2, "polarity": "positive"]
    private static let fault: JSONValue = ["description": "Denies it.", "weight": 1, "polarity": "negative"]

    private static func row(_ id: String, _ criteria: JSONValue...) -> JSONValue {
        ["id": .string(id), "prompt": "p", "criteria": .array(criteria)]
    }

    private func convert(
        _ folder: TemporaryFolder,
        _ input: String,
        to format: String,
        out: String,
        _ arguments: String...
    ) async throws -> Command.Result {
        try await Command.run(["convert", input, "--to", format, "--out", folder.path(out)] + arguments)
    }

    private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
        try String(contentsOfFile: folder.path(name), encoding: .utf8)
    }

    @Test("Rows go to another format and back; what is lost is said")
    func thereAndBack() async throws {
        let folder = try TemporaryFolder()
        let rows = try folder.write(
            "rows.jsonl",
            lines: [Self.row("a", Self.virtue), Self.row("b", Self.virtue, Self.fault)]
        )
        let there = try await convert(folder, rows, to: "healthbench", out: "hb.jsonl")
        #expect(there.status == 0, "\(there.errors)")
        #expect(there.errors.contains("changes scores: normalizer, 1 row, first \(rows):2:1"))
        #expect(there.errors.contains("hb.jsonl: 2 rows, rubrics to healthbench"))
        #expect(try folder.lines("hb.jsonl")[1]["rubrics"]?.array?.map { $0["points"] } == [2, -1])
        let back = try await convert(folder, folder.path("hb.jsonl"), to: "rubrics", out: "back.jsonl")
        #expect(back.status == 0, "\(back.errors)")
        #expect(try folder.lines("back.jsonl").map { $0["id"] } == ["a", "b"])
    }

    @Test("A row that is wrong is named, the rest is converted, and the status says so")
    func wrongRows() async throws {
        let folder = try TemporaryFolder()
        let good = Self.row("a", Self.virtue).serialized()
        let lines = [
            "\u{FEFF}" + good, "{", good, Self.row("b").serialized(), "\r", Self.row("c", Self.virtue).serialized(),
        ]
        let rows = try folder.write("rows.jsonl", lines.joined(separator: "\n").utf8)
        let result = try await convert(folder, rows, to: "rubric", out: "out/")
        #expect(result.status == 3)
        for place in ["rows.jsonl:2:", "rows.jsonl:3:", "rows.jsonl:4:"] {
            #expect(result.errors.contains(place), "\(result.errors)")
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted() == ["a.yaml", "c.yaml"]
        )
    }

    @Test("A changed score can be refused, and then nothing is written")
    func refuse() async throws {
        let folder = try TemporaryFolder()
        let rows = try folder.write(
            "rows.jsonl",
            lines: [Self.row("a", Self.virtue), Self.row("b", Self.virtue, Self.fault)]
        )
        _ = try folder.write("out.jsonl", "before".utf8)
        let result = try await convert(folder, rows, to: "healthbench", out: "out.jsonl", "--on-loss", "refuse")
        #expect(result.status == 3)
        #expect(result.errors.contains("rows.jsonl:2:1: normalizer would change the score"), "\(result.errors)")
        #expect(try text(folder, "out.jsonl") == "before")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
                "out.jsonl", "rows.jsonl",
            ]
        )
    }

    @Test("Undecided polarity is located, with the way out")
    func undecided() async throws {
        let folder = try TemporaryFolder()
        let rar: JSONValue = [
            "question": "q",
            "rubric": [
                ["description": "Essential Criteria: A.", "title": "a", "weight": 5],
                ["description": "Pitfall Criteria: Does not mention it.", "title": "b", "weight": -1],
            ],
        ]
        let rows = try folder.write("rar.jsonl", lines: [rar])
        let result = try await convert(folder, rows, to: "healthbench", out: "out.jsonl")
        #expect(result.status == 3)
        #expect(result.errors.contains("rar.jsonl:1:1: the polarity of c2 is undecided"), "\(result.errors)")
        #expect(result.errors.contains("--undecided drop_criterion"))
        let dropped = try await convert(
            folder,
            rows,
            to: "healthbench",
            out: "out.jsonl",
            "--undecided",
            "drop_criterion"
        )
        #expect(dropped.status == 0)
        #expect(dropped.errors.contains("changes scores: dropped, 1 criterion in 1 row"), "\(dropped.errors)")
    }

    @Test("A rubric without a prompt gets one, from the command line or a file")
    func prompts() async throws {
        let folder = try TemporaryFolder()
        let judge = try folder.write("kind.toml", "[[criterion]]\ndescription = \"Is it kind?\"\n".utf8)
        let without = try await convert(folder, judge, to: "rubrics", out: "rows.jsonl")
        #expect(without.status == 3 && without.errors.contains("kind.toml:1:1: "), "\(without.errors)")
        let with = try await convert(folder, judge, to: "rubrics", out: "rows.jsonl", "--prompt", "Say hello.")
        #expect(with.status == 0, "\(with.errors)")
        #expect(try folder.lines("rows.jsonl").map { $0["prompt"] } == ["Say hello."])
        let prompts = try folder.write("prompts.jsonl", lines: [["id": "kind", "prompt": "From a file."]])
        let table = try await convert(folder, judge, to: "trl", out: "rows.jsonl", "--prompts", prompts)
        #expect(table.status == 0, "\(table.errors)")
        #expect(try folder.lines("rows.jsonl")[0]["prompt"]?.array?.first?["content"] == "From a file.")
    }

    @Test("A dash reads standard input and writes standard output")
    func streams() async throws {
        let input = Self.row("a", Self.virtue).serialized() + "\n"
        let lines = try await Command.run(["convert", "-", "--to", "healthbench", "--out", "-"], input: input)
        #expect(lines.status == 0, "\(lines.errors)")
        #expect(lines.output.contains(#""points":2"#))
        let wrong = try await Command.run(["convert", "-", "--to", "healthbench", "--out", "-"], input: input + "{\n")
        #expect(wrong.status == 3 && wrong.errors.contains("standard input:2:2: "), "\(wrong.errors)")
    }

    @Test("A file of one rubric takes one, and a folder takes many")
    func layouts() async throws {
        let folder = try TemporaryFolder()
        let rows = try folder.write("rows.jsonl", lines: [Self.row("a/b", Self.virtue), Self.row("c", Self.fault)])
        let single = try await convert(folder, rows, to: "verifiers", out: "one.toml")
        #expect(single.status == 2 && single.errors.contains("holds one rubric"), "\(single.errors)")
        let many = try await convert(folder, rows, to: "verifiers", out: "many")
        #expect(many.status == 0, "\(many.errors)")
        #expect(try text(folder, "many/a%2fb.toml").contains("text = \"Names it.\""))
        #expect(try text(folder, "many/c.toml").contains(#"choices = ["yes", "no"]"#))
        let back = try await convert(folder, folder.path("many"), to: "rubrics", out: "back.jsonl", "--prompt", "p")
        #expect(back.status == 0, "\(back.errors)")
        #expect(try folder.lines("back.jsonl").map { $0["id"] } == ["a/b", "c"])
    }

    @Test(
        "What cannot work is refused before anything is read or written",
        arguments: [
            (["nowhere.jsonl", "--to", "rar", "--out", "x.jsonl"], 2, "nowhere.jsonl"),
            (["/dev/null", "--to", "rar", "--out", "x.jsonl"], 2, "holds no rubrics"),
            (["/dev/null", "--to", "rar", "--out", "/nowhere/x.jsonl"], 2, "/nowhere/x.jsonl cannot be written"),
            (["/dev/null", "--to", "rra", "--out", "x.jsonl"], 64, "rra"),
        ]
    )
    func refused(arguments: [String], status: Int32, expected: String) async throws {
        let folder = try TemporaryFolder()
        let arguments = arguments.map { $0 == "x.jsonl" ? folder.path($0) : $0 }
        let result = try await Command.run(["convert"] + arguments)
        #expect(result.status == status && result.errors.contains(expected), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
