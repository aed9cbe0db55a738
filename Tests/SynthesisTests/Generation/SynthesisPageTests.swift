// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Synthesis
import TestSupport
import Testing

@Suite("Docs on writing rubrics")
struct SynthesisPageTests {
    private let page: String

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(components: "..", "..", "..", "Docs")
        page = try String(contentsOf: folder.appending(component: "synthesis.md"), encoding: .utf8)
    }

    private func block(_ language: String) throws -> String {
        let rest = try #require(page.split(separator: "```\(language)\n").dropFirst().first)
        return String(try #require(rest.split(separator: "```").first))
    }

    @Test("The domain file and the prompt on the page can be read")
    func examples() throws {
        let domain = try SynthesisDomain.reading(block("yaml"), file: "synthesis.md")
        #expect(domain.name == "railways" && domain.items == .init(min: 6, max: 14) && domain.examples.count == 1)
        let folder = try TemporaryFolder()
        var file = try PromptFile(folder.write("prompts.jsonl", block("json").utf8))
        let entry = try file.next()
        let row = try #require(entry).row.get()
        #expect(row.id == "q1" && row.referenceAnswer == "3.2 m/s" && row.domain == "science")
    }

    @Test("The page's weights and reasons are the code's")
    func words() {
        #expect(page.contains("essential 5, important 3 to 4, optional 1 to 2, pitfall 1 to 5"))
        let reasons: [SetAside.Reason] = [.invalidRow, .noReference, .items]
        let causes: [JudgeFailure.Cause] = [
            .malformed, .refusal, .contentFilter, .contextOverflow, .timeout, .connection, .serverError, .rateLimited,
        ]
        for word in reasons.map(\.word) + causes.map(\.rawValue) { #expect(page.contains("`\(word)`"), "\(word)") }
        for domain in SynthesisDomain.builtIn { #expect(page.contains("`\(domain.name)`")) }
    }
}
