// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics audit` and `rubrics refine`, by checks and with a judge on loopback.
@Suite("Audits on the command line", .timeLimit(.minutes(5)))
struct AuditCommandTests {
    private static func criterion(_ title: String, _ check: JSONValue, _ importance: String = "essential") -> JSONValue
    {
        [
            "title": .string(title), "description": .string("Advises \(title)."), "importance": .string(importance),
            "polarity": "positive", "kind": "content", "check": check,
        ]
    }

    /// Both words in one sentence, so that a list of words is no answer.
    private static func relation(_ first: String, _ second: String) -> JSONValue {
        ["sentence": ["all_of": [[.string(first)], [.string(second)]], "min_words": 3]]
    }

    private static func row(_ id: String, _ criteria: [JSONValue]) -> JSONValue {
        [
            "id": .string(id), "prompt": "What helps against a cold?",
            "reference_answer":
                "Rest in bed for 2 days. Drink plenty of water. Paracetamol lowers the fever. Honey soothes the throat.",
            "plain_answer":
                "Stay in bed and rest, drink water, take paracetamol for fever. Honey is nice for the throat.",
            "criteria": .array(criteria),
        ]
    }

    private static let good = row(
        "good",
        [
            criterion("rest", relation("rest", "bed")), criterion("water", relation("water", "drink")),
            criterion("paracetamol", relation("paracetamol", "fever")),
            criterion("honey", relation("honey", "throat"), "important"),
        ]
    )

    /// One criterion that all responses earn, one that none does, one that bad ones earn, and one that is right.
    private static let planted = row(
        "planted",
        [
            criterion("anything", ["regex": "[a-z]"]), criterion("surgery", ["any_of": ["surgery of the nose"]]),
            criterion("little", ["or": [["any_of": ["stay"]], ["words": ["max": 17]]]]),
            criterion("rest", relation("rest", "bed")),
        ]
    )

    private func audit(_ folder: TemporaryFolder, _ rows: [JSONValue], _ arguments: [String]) async throws -> JSONValue
    {
        let file = try folder.write("rows.jsonl", lines: rows)
        let result = try await Command.run(
            ["audit", file, "--out", folder.path("audit.json"), "--format", "json"] + arguments
        )
        #expect(result.status == 0, "\(result.errors)")
        return try Document.json(String(contentsOfFile: folder.path("audit.json"), encoding: .utf8), file: "audit").json
    }

    private func kinds(_ audit: JSONValue) -> [String] {
        let rubrics = audit["rubrics"]?.array ?? []
        return rubrics.flatMap { $0["findings"]?.array ?? [] }.compactMap { finding in
            finding["kind"]?.string.map {
                [finding["criterion"]?.string, $0].compactMap(\.self).joined(separator: " ")
            }
        }
    }

    @Test("A planted bad rubric is found out, a good one is cleared, and refine acts on it")
    func planted() async throws {
        let folder = try TemporaryFolder()
        let audit = try await audit(folder, [Self.good, Self.planted], ["--judge", "checks"])
        let rubrics = try #require(audit["rubrics"]?.array)
        let trust = rubrics.compactMap { $0["trust"]?.double }
        #expect(trust[0] > 0.8 && trust[1] < 0.5, "\(trust)")
        #expect(kinds(["rubrics": [rubrics[0]]]) == [])
        let found = kinds(["rubrics": [rubrics[1]]])
        for kind in ["c1 saturated", "c2 unreachable", "c3 inverted"] { #expect(found.contains(kind), "\(found)") }
        #expect(!found.contains { $0.hasPrefix("c4") })
        #expect(audit["set"]?["rubrics"] == 2)
        let refined = try await Command.run([
            "refine", folder.path("rows.jsonl"), "--from", folder.path("audit.json"), "--out", folder.path("out.jsonl"),
            "--minimum-criteria", "1",
        ])
        #expect(refined.status == 0, "\(refined.errors)")
        let rows = try folder.lines("out.jsonl")
        #expect(rows.map { $0["criteria"]?.array?.count } == [4, 1])
        #expect(rows[1]["provenance"]?["parents"]?.array?.count == 1)
        #expect(
            rows[1]["provenance"]?["changes"]?.array?.map { $0["criterion"]?.string } == ["c1", "c2", "c3"]
        )
        let strict = try await Command.run([
            "refine", folder.path("rows.jsonl"), "--from", folder.path("audit.json"), "--out", folder.path("out.jsonl"),
        ])
        #expect(strict.status == 3 && strict.output.contains("1 set aside"), "\(strict.output)")
        #expect(try folder.lines("out.jsonl.aside.jsonl").count == 1)
    }

    @Test("A model is asked in both orders and again, and a second run asks nothing")
    func judged() async throws {
        let folder = try TemporaryFolder()
        let server = try await WordJudge().start()
        let row: JSONValue = [
            "id": "t", "prompt": "Which letters?",
            "reference_answer": "It is alpha. Then beta comes. Last comes omega. No others.",
            "criteria": .array(
                ["alpha", "beta", "omega"].map {
                    ["title": .string($0), "description": .string("Names \($0)."), "importance": "essential"]
                }
            ),
        ]
        let arguments = ["--judge", server.address(), "--criteria-per-call", "0"]
        let first = try await audit(folder, [row], arguments)
        let measures = first["rubrics"]?.array?.first?["measures"]
        #expect(measures?["stability"] == .number(1))
        #expect(measures?["order_invariance"] == .number(1))
        #expect(measures?["monotonicity"]?.double ?? 0 > 0.75)
        let asked = server.calls.count
        // Twelve responses, one of them turned round and asked about again.
        #expect(asked >= 13)
        let again = try await audit(folder, [row], arguments)
        #expect(again == first && server.calls.count == asked)
    }

    @Test("A judge that goes by the order of the rubric is found out")
    func orderDependent() async throws {
        let folder = try TemporaryFolder()
        // Says yes to whatever comes first.
        let server = try await ScriptedServer.start { request, _ in
            guard request.hash != 0 else { return .answer(status: 200, headers: [], body: #"{"data": []}"#) }
            let question = AskedQuestion(request)
            let verdicts = question.statements.enumerated().map { place, statement in
                (key: statement.label, value: ["reason": "by place", "met": place == 0 ? "yes" : "no"] as JSONValue)
            }
            guard !verdicts.isEmpty else {
                return .completion(SchemaInstance(of: question.schema, seed: 1).value.serialized())
            }
            return .completion(JSONValue.object(JSONObject(verdicts)).serialized())
        }
        let rows = [Self.good]
        let arguments = ["--judge", server.address(), "--criteria-per-call", "0", "--set", "judge.checks=ignore"]
        let audit = try await audit(folder, rows, arguments)
        let found = kinds(audit)
        #expect(found.contains("c1 order_dependent") && found.contains("c4 order_dependent"), "\(found)")
        #expect(audit["rubrics"]?.array?.first?["measures"]?["order_invariance"] == .number(0.5))
    }

    @Test("The page stands beside the file, and text of rows is text there")
    func page() async throws {
        let folder = try TemporaryFolder()
        var row = Self.planted.object ?? [:]
        row["prompt"] = "<script>alert(1)</script>"
        _ = try await audit(folder, [.object(row)], ["--judge", "checks"])
        let page = try String(contentsOfFile: folder.path("audit.html"), encoding: .utf8)
        #expect(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"))
        #expect(page.contains("saturated") && page.contains("degraded-50"))
    }

    @Test("Variants and a policy's answers are graded too")
    func variants() async throws {
        let folder = try TemporaryFolder()
        let variants = try folder.write(
            "variants.jsonl",
            lines: [
                [
                    "task": "good", "variant": "subtly_wrong",
                    "response": "Rest, drink water, take antibiotics, eat honey.",
                ],
                ["task": "good", "variant": "verbose_empty", "response": "There is much to say about it."],
            ]
        )
        let server = try await ScriptedServer.start { _, _ in .completion("Rest in bed and drink water.") }
        let audit = try await audit(
            folder,
            [Self.good],
            ["--judge", "checks", "--variants", variants, "--policy", server.address(), "--samples", "2"]
        )
        let probes = audit["rubrics"]?.array?.first?["probes"]?.array ?? []
        func reward(_ id: String) -> Double? { probes.first { $0["id"]?.string == id }?["reward"]?.double }
        #expect(reward("subtly_wrong-1") == 1 / 3.7)
        #expect(reward("verbose_empty-1") == 0)
        #expect(reward("sample-1") == 2 / 3.7)
        #expect(reward("sample-2") == 2 / 3.7)
        #expect(kinds(audit).contains("flat"))
        let lost = try await Command.run([
            "audit", folder.path("rows.jsonl"), "--judge", "checks", "--out", folder.path("x.json"),
            "--minimum-trust", "0.999",
        ])
        #expect(lost.status == 3)
    }

    @Test(
        "Wrong input is named before anything is judged",
        arguments: [
            (["--judge", "checks", "--variants", "/nowhere"], "--variants /nowhere cannot be read"),
            (["--judge", "checks", "--method", "listwise"], "choose a method other than listwise"),
            (["--judge", "checks", "--samples", "0"], "at least 1"),
            (["--judge", "checks", "--minimum-trust", "2"], "a share from 0 to 1"),
            (["--judge", "checks", "--policy", "/nowhere/model"], "/nowhere/model"),
        ]
    )
    func wrongInput(arguments: [String], message: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("rows.jsonl", lines: [Self.good])
        let result = try await Command.run(["audit", file, "--out", folder.path("a.json")] + arguments)
        #expect(result.status != 0 && result.errors.contains(message), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.json")))
    }

    @Test("refine names a file that is no audit")
    func noAudit() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("rows.jsonl", lines: [Self.good])
        for (path, message) in [("/nowhere", "cannot be read"), (file, "rubrics")] {
            let result = try await Command.run(["refine", file, "--from", path, "--out", folder.path("out.jsonl")])
            #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
        }
    }
}
