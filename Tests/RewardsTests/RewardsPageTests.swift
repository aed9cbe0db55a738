// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rewards
import Rubrics
import Testing

@Suite("Docs on rewards")
struct RewardsPageTests {
    private struct Page: Decodable {
        struct Section: Decodable {
            var aggregation: Aggregation
            var shaping: GroupShaping?
        }

        var reward: Section
    }

    @Test("Every recipe on the page can be read")
    func recipes() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(components: "..", "..", "Docs")
        let page = try String(contentsOf: folder.appending(component: "rewards.md"), encoding: .utf8)
        let blocks = page.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
        let sections = try blocks.map { try Document.yaml(String($0), file: "rewards.md").decode(Page.self).reward }
        #expect(sections.map(\.aggregation) == [.essentialGated(cap: 0.3), .weightedMean])
        #expect(sections.last?.shaping?.dropout == CriterionDropout())
        #expect(sections.last?.shaping?.curriculum.count == 2)
    }
}
