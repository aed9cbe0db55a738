// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics
import Synthesis
import Testing

@Suite("Replies with rubrics")
struct RubricReplyTests {
    private static let one = item(1).said.serialized()
    private static let two = item(2).said.serialized()

    private func read(_ text: String, _ stop: ChatReply.StopReason = .complete) throws -> RubricReply {
        try RubricReply(ChatReply(text: text, stopReason: stop), thinking: .standard)
    }

    @Test(
        "Items are found in what models write",
        arguments: [
            #"{"points": ["a"], "items": [\#(one), \#(two)]}"#, #"{"items": [\#(one), \#(two)]}"#,
            "```json\n{\"items\": [\(one), \(two)]}\n```\nI hope that this helps.", #"{"rubric": [\#(one), \#(two),]}"#,
            "<think>{\"items\": []} or so</think>{\"items\": [\(one), \(two)]}", "[\(one), \(two)]",
            "```json\n[\(one),\n\(two)]\n```", "Here it is: {\"criteria\": [\(one), \(two)]}",
        ]
    )
    func found(text: String) throws {
        let reply = try read(text)
        #expect(reply.entries.map(\.item.title) == ["Gives value 1", "Gives value 2"])
        #expect(reply.withdrawn == [])
    }

    @Test(
        "What cannot be read is complained of exactly",
        arguments: [
            ("", "your answer was empty"), ("I think so.", "your answer held no JSON object"),
            ("{}", #""items" is missing, a list of items"#),
            (#"{"items": 3}"#, #""items" is missing, a list of items"#),
            (#"{"items": ["a"]}"#, #""items" holds something that is no object"#),
            (#"{"items": []} {"items": [{}]}"#, "your answer held 2 different JSON objects: write one"),
            (#"{"items": [{"title": "a""#, "your answer held a JSON object that cannot be read"),
        ]
    )
    func faults(text: String, expected: String) {
        let fault = #expect(throws: ReplyFault.self) { try read(text) }
        #expect(fault?.complaint == expected)
    }

    @Test("A reply that was cut says so")
    func cut() {
        let fault = #expect(throws: ReplyFault.self) { try read(#"{"items": [{"#, .maxTokens) }
        #expect(fault?.kind == .cut && fault?.complaint == "your answer was cut for its length: write shorter items")
    }

    @Test("A repair has numbers and may withdraw alone")
    func repairs() throws {
        let reply = try RubricReply(repair([(4, item(4))], withdrawn: [2]), thinking: .standard)
        #expect(reply.entries.map(\.number) == [4] && reply.withdrawn == [2])
        #expect(try read(#"{"withdrawn": [3]}"#).withdrawn == [3])
    }

    @Test("Schemas ask for points before items, and for every member")
    func schemas() {
        let items = RubricReply.schema["properties"]?["items"]?["items"]
        #expect(RubricReply.schema["properties"]?.object?.members.map(\.key) == ["points", "items"])
        let members = ["title", "description", "importance", "weight", "polarity", "kind"]
        #expect(items?["properties"]?.object?.members.map(\.key) == members)
        #expect(items?["required"]?.array?.compactMap(\.string) == members)
        #expect(items?["properties"]?["polarity"]?["enum"] == ["positive", "negative"])
        #expect(RubricReply.repairSchema["properties"]?.object?.members.map(\.key) == ["items", "withdrawn"])
    }
}
