// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Rubrics
import TestSupport
import Testing

/// Models on a copy of the hub, wherever a command takes a model.
@Suite("Models from the hub", .timeLimit(.minutes(10)))
struct HubModelTests {
    private static let pinned = "hf:org/tiny@\(HubUser.commit)"
    private static let row = """
        {"id": "t1", "prompt": "What?", "criteria": [{"title": "W", "description": "Has a letter.", \
        "importance": "essential", "polarity": "positive", "check": {"regex": "[a-z]"}}]}

        """

    private func user(_ model: TinyModel = TinyModel(), access: LoopbackHub.Access = .open) throws -> HubUser {
        try HubUser([HubUser.model(model, access: access)])
    }

    @Test("generate and evaluate fetch what a model is read from, once")
    func generate() async throws {
        let user = try user(access: .token(HubUser.token))
        let arguments = ["generate", "--model", "hf:org/tiny", "--prompt", "ab", "--max-tokens", "8", "--raw"]
        let first = try await user.run(arguments)
        #expect(first.status == 0, "\(first.errors)")
        let names = Set(
            user.files("").filter { $0.contains("/files/") }.map { String($0.split(separator: "/").last ?? "") }
        )
        #expect(names.contains("model.safetensors") && !names.contains("pytorch_model.bin"))
        let count = user.server.contentRequests.count
        let second = try await user.run(arguments)
        #expect(second.output == first.output && user.server.contentRequests.count == count)
        try user.folder.write("rows.jsonl", Self.row.utf8)
        let evaluated = try await user.run([
            "evaluate", "rubrics", user.folder.path("rows.jsonl"), "--policy", Self.pinned, "--against", "hf:org/tiny",
            "--samples", "2", "--max-tokens", "4",
        ])
        #expect(evaluated.status == 0, "\(evaluated.errors)")
        #expect(user.server.contentRequests.count == count && !user.holds(HubUser.token))
    }

    @Test("A recipe's policy comes from the hub; the run keeps its commit and goes on without the hub")
    func train() async throws {
        let project = try TinyProject()
        try project.write()
        let user = try HubUser([HubUser.model(project.model)])
        let model = ["--set", "policy.model=hf:org/tiny"]
        let dry = try await user.run(["train", project.recipeFile.path, "--dry-run"] + model)
        #expect(dry.status == 0 && dry.errors.contains("is fetched when training starts"), "\(dry.errors)")
        #expect(user.files("model.safetensors").isEmpty)
        let runs = ["--runs", project.runs.path]
        let stopped = try await user.run(
            ["train", project.recipeFile.path] + model + runs,
            signal: (
                SIGKILL, .when { FileManager.default.fileExists(atPath: project.run.path + "/checkpoints/step-000001") }
            )
        )
        #expect([0, -SIGKILL].contains(stopped.status), "\(stopped.errors)")
        let recipe = try String(contentsOf: project.run.appendingPathComponent("recipe.yaml"), encoding: .utf8)
        #expect(recipe.contains(Self.pinned), "\(recipe)")
        user.server.stop()
        let resumed = try await user.run(["train", "--resume", project.run.path])
        #expect(resumed.status == 0, "\(resumed.errors)")
        let local = try await Command.run(["train", project.recipeFile.path, "--runs", project.folder.path("local")])
        #expect(local.status == 0, "\(local.errors)")
        let weights = try [project.run, project.folder.url.appendingPathComponent("local/tiny")].map { run in
            try Data(contentsOf: run.appendingPathComponent("checkpoints/step-000004/policy/model.safetensors"))
        }
        #expect(weights[0] == weights[1])
    }

    @Test("A judge comes from the hub, with or without local:", arguments: ["hf:org/tiny", "local:hf:org/tiny"])
    func judge(address: String) async throws {
        var model = TinyModel()
        model.configuration.maxPositions = 8192
        let user = try user(model)
        try user.folder.write("rubrics.jsonl", Self.row.utf8)
        try user.folder.write("responses.jsonl", "{\"id\": \"r1\", \"task\": \"t1\", \"response\": \"Water.\"}\n".utf8)
        let result = try await user.run([
            "judge", user.folder.path("responses.jsonl"), "--rubrics", user.folder.path("rubrics.jsonl"), "--out",
            user.folder.path("scored.jsonl"), "--judge", address, "--method", "rar-implicit", "--set",
            "judge.expected_rating=true",
        ])
        // A model of random weights rates nothing; it is asked all the same.
        #expect(result.status == 3 && result.output.contains("malformed"), "\(result.output)\(result.errors)")
    }

    @Test("What cannot be fetched is told, and doctor tells where things are kept")
    func failures() async throws {
        let user = try HubUser([HubUser.model(TinyModel(), access: .gated("other"))])
        let gated = try await user.run(["generate", "--model", "hf:org/tiny", "--prompt", "a"])
        #expect(gated.status == 2 && gated.errors.contains("is gated: accept its terms at"), "\(gated.errors)")
        let absent = try await user.run(["generate", "--model", "hf:org/none", "--prompt", "a"])
        #expect(absent.status == 2 && absent.errors.contains("no model hf:org/none"), "\(absent.errors)")
        #expect(!(gated.errors + absent.errors).contains(HubUser.token))
        let doctor = try await user.run(["doctor"])
        #expect(doctor.output.contains("cache    \(user.folder.path("cache"))"), "\(doctor.output)")
        #expect(doctor.output.contains("duckdb: "), "\(doctor.output)")
    }
}
