// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import TestSupport

extension TemporaryFolder {
    func file(_ name: String, _ text: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file
    }

    func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
    }

    func names(_ path: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.appendingPathComponent(path).path).sorted()
    }
}

extension RubricTask {
    static let fever = RubricTask(
        id: "fever",
        prompt: [Message(role: .user, content: "My child has a fever. What should I do?")],
        criteria: [
            Criterion(
                id: "c1",
                title: "Names fluids",
                description: "Says that the child should drink.",
                importance: .essential,
                weight: 1,
                kind: .content
            ),
            Criterion(
                id: "c2",
                title: "Recommends aspirin",
                description: "Recommends aspirin.",
                importance: .pitfall,
                weight: 0.9,
                polarity: .negative,
                kind: .content
            ),
        ]
    )
}

extension GradedCompletion {
    static func fever(step: Int, sample: Int = 0, text: String = "Give water.", reward: Double = 0.5) -> Self {
        let credits = [
            Credit(criterion: "c1", weight: 1, credited: true), Credit(criterion: "c2", weight: 0.9, credited: true),
        ]
        return Self(
            step: step,
            task: .fever,
            sample: sample,
            text: text,
            stopReason: "end_of_sequence",
            outcome: .scored(Reward(value: reward, coverage: 1, credits: credits)),
            verdicts: [
                Verdict(criterion: "c1", outcome: .met, reason: "\"water\"", evidence: ["water"], judge: "checks"),
                Verdict(criterion: "c2", outcome: .unmet, reason: "no aspirin", judge: "checks"),
            ],
            credits: credits
        )
    }

    static func unjudgedFever(step: Int) -> Self {
        let failure = JudgeFailure(cause: .timeout, detail: "no answer in 30 s")
        return Self(
            step: step,
            task: .fever,
            sample: 1,
            text: "Well\u{2028}…",
            stopReason: "max_tokens",
            outcome: .unscored(UnscoredReason(reason: "timeout", detail: "no answer in 30 s")),
            verdicts: [
                Verdict(criterion: "c1", outcome: .unjudged(failure), reason: "", judge: "m"),
                Verdict(criterion: "c2", outcome: .cannotAssess, reason: "too short", judge: "m"),
            ],
            credits: [
                Credit(criterion: "c1", weight: 1, credited: nil), Credit(criterion: "c2", weight: 0.9, credited: nil),
            ]
        )
    }
}

extension RolloutRecord {
    static func fever(id: Int, step: Int, reward: Double = 0.5) -> Self {
        Self(
            id: id,
            completion: .fever(step: step, sample: id, reward: reward),
            tokenIDs: [1, 40, 2],
            samplingLogprobs: [-0.1, -1.5e-7, -12.25]
        )
    }
}
