// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import TestSupport
import Testing

@testable import Dashboard

struct ReportTests {
    let folder: TemporaryFolder
    private static let small = FixtureRun(steps: 4, heldOutTasks: 8, samples: 2, evaluateEvery: 2)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func html(_ fixture: FixtureRun) throws -> String {
        try Report(run: fixture.write(root: folder.url)).html()
    }

    @Test("A finished run's page has every section, needs nothing else and is balanced")
    func finished() throws {
        let html = try html(Self.small)
        for id in ["result", "curves", "changes", "criteria", "examples", "health", "recipe"] {
            #expect(html.contains("id=\"\(id)\""), "\(id)")
            #expect(html.contains("<a href=\"#\(id)\">"), "\(id)")
        }
        #expect(!html.contains("id=\"unscored\"") && !html.contains("This run has not ended"))
        for fetched in ["<script", "<link", "<img", "<iframe", " src=", "url(", "@import", "http:", "https:"] {
            #expect(!html.contains(fetched), "\(fetched)")
        }
        #expect(html.contains("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"))
        #expect(html.contains("prefers-color-scheme:dark"))
        #expect(html.contains("note: &quot;&lt;b&gt;not markup&lt;/b&gt;&quot;"), "the recipe is escaped")
        try expectBalanced(html)
    }

    @Test("The same run gives the same page, byte for byte")
    func deterministic() throws {
        let run = try Self.small.write(root: folder.url)
        #expect(try Report(run: run).html() == Report(run: run).html())
    }

    @Test("A run that goes on says so and shows what there is; failed judges are counted by reason")
    func unfinished() throws {
        var fixture = Self.small
        fixture.isFinished = false
        fixture.failureShare = 0.3
        let html = try html(fixture)
        #expect(html.contains("This run has not ended: it has no summary.json"))
        #expect(html.contains("So far: held-out reward"))
        #expect(html.contains("<th scope=\"row\">timeout</th>"))
        try expectBalanced(html)
    }

    @Test("A run without any file has a page")
    func empty() throws {
        let run = try RunDirectory.create(root: folder.url, name: "empty")
        let html = try Report(run: run).html()
        #expect(html.contains("<h1>This run has not ended</h1>"))
        #expect(!html.contains("<svg"))
        try expectBalanced(html)
    }

    @Test("Metrics alone make a page")
    func metricsAlone() throws {
        let run = try RunDirectory.create(root: folder.url, name: "metrics")
        try run.metrics.append([
            StepMetrics(step: 1, values: ["reward/mean": 0.5, "loss/kl": 0.01, "policy/entropy": .nan]).json,
            StepMetrics(step: 2, values: ["reward/mean": 0.6, "loss/kl": 0.02]).json,
        ])
        let html = try Report(run: run).html()
        #expect(html.contains("Reward in training: reward from 0.50 at step 1 to 0.60 at step 2."))
        #expect(html.contains("KL to the reference policy"))
        #expect(!html.contains("<strong>Entropy</strong>"))
    }

    @Test("A damaged file is an error that names its place")
    func damaged() throws {
        let run = try RunDirectory.create(root: folder.url, name: "damaged")
        try run.metrics.append([["step": 1]])
        let error = #expect(throws: RunError.self) { try Report(run: run) }
        #expect(error?.path.hasSuffix("damaged/metrics.jsonl") == true)
        try Data("{\"step\":1}\nnothing\n".utf8).write(to: run.rollouts.url)
        try FileManager.default.removeItem(at: run.metrics.url)
        let located = #expect(throws: DocumentError.self) { try Report(run: run) }
        #expect(located?.line == 2)
    }

    static let hostile = [
        "<script>alert(1)</script>", "\"\u{338} onmouseover=\"alert(1)", "'><img src=x onerror=alert(1)>",
        "</div></article></main><h1>owned</h1>", "<\u{338}svg onload=alert(1)>", "{{recipe}}{{{style}}}",
        "&lt;b&gt;\u{202E}",
        "]]><!-- -->", "\u{0}\u{FFFF}",
    ]

    @Test("Nothing that a policy, a judge or a data file wrote leaves its place", arguments: hostile)
    func escapesEverything(_ text: String) throws {
        let run = try RunDirectory.create(root: folder.url, name: "hostile")
        try run.write(text, to: run.recipeFile)
        for step in [0, 1] {
            try run.heldOut.append([Self.hostileRecord(text, step: step).json])
            try run.metrics.append([StepMetrics(step: step, values: ["held_out/mean": 0.5, text: 1]).json])
        }
        let html = try Report(run: run).html()
        try expectBalanced(html)
        let bytes = Array(html.utf8)
        for opening in ["<script", "<img", "<!--", "<svg onload"] {
            #expect(EvidenceMarks.range(of: Array(opening.utf8), in: bytes) == nil, "\(opening)")
        }
        #expect(html.components(separatedBy: "<h1>").count == 2)
        #expect(html.components(separatedBy: "<style>").count == 2)
        let tags = html.matches(of: #/<[a-z][^<>]*>/#.matchingSemantics(.unicodeScalar)).map { String($0.output) }
        let values = #/"[^"]*"/#.matchingSemantics(.unicodeScalar)
        let handlers = tags.filter { $0.replacing(values, with: "").utf8.count { $0 == UInt8(ascii: "\"") } > 0 }
        #expect(handlers.isEmpty, "every quote within a tag is paired")
        let events = #/\son[a-z]+\s*=/#.matchingSemantics(.unicodeScalar)
        #expect(!tags.contains { $0.replacing(values, with: "").contains(events) }, "no tag has an event handler")
    }

    private static func hostileRecord(_ text: String, step: Int) -> HeldOutRecord {
        let criterion = Criterion(
            id: text,
            title: text,
            description: text,
            importance: .essential,
            weight: 1,
            kind: step == 0 ? nil : .content
        )
        let failure = JudgeFailure(cause: .malformed, detail: text)
        let verdict = Verdict(
            criterion: text,
            outcome: step == 0 ? .unjudged(failure) : .met,
            reason: text,
            evidence: [text],
            judge: text
        )
        let credit = Credit(criterion: text, weight: 1, credited: step == 1)
        let completion = GradedCompletion(
            step: step,
            task: RubricTask(id: text, prompt: [], criteria: [criterion]),
            sample: 0,
            text: "\(text) and so on and on, for long enough that the passage is marked. \(text)",
            stopReason: text,
            outcome: .scored(Reward(value: 0.5, coverage: 1, credits: [credit])),
            verdicts: [verdict],
            credits: [credit]
        )
        return HeldOutRecord(completion: completion, prompt: text)
    }

    @Test("Templates take only what was escaped where it was made")
    func templates() {
        for (name, text) in ReportTemplate.all {
            let withoutRaw = text.replacingOccurrences(of: "{{{", with: "")
            #expect(withoutRaw.matches(of: #/\{\{[a-zA-Z.]/#).isEmpty, "\(name)")
        }
    }

    /// Every element that is opened is closed in its order.
    private func expectBalanced(_ html: String, _ location: SourceLocation = #_sourceLocation) throws {
        let void: Set<Substring> = ["meta", "!doctype"]
        var open: [Substring] = []
        let tag = #/<(\/?)([a-z!][a-zA-Z0-9]*)(?:\s[^<>]*?)?(\/?)>/#.matchingSemantics(.unicodeScalar)
        for match in html.matches(of: tag) {
            let (_, slash, name, selfClosing) = match.output
            if void.contains(name) || !selfClosing.isEmpty { continue }
            if slash.isEmpty {
                open.append(name)
            } else {
                let last = open.popLast()
                try #require(last == name, "\(last ?? "nothing") closed by \(name)", sourceLocation: location)
            }
        }
        #expect(open.isEmpty, sourceLocation: location)
    }
}

struct ReportLook {
    private static let target = ProcessInfo.processInfo.environment["RUBRICS_FIXTURE_ROOT"]

    @Test("Writes fixture runs and their reports to look at", .enabled(if: target != nil))
    func write() throws {
        let root = URL(fileURLWithPath: try #require(Self.target))
        let finished = try FixtureRun().write(root: root, name: "demo")
        let partial = try FixtureRun(steps: 17, heldOutTasks: 8, failureShare: 0.04, isFinished: false)
            .write(root: root, name: "partial")
        for run in [finished, partial] { try run.write(Report(run: run).html(), to: run.reportFile) }
    }
}
