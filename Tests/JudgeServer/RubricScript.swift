// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Writes rubrics: plausible ones that follow from the prompt's words alone, whatever the marks around it are.
struct RubricScript: Sendable {
    private let behavior: RubricBehavior
    private let seed: UInt64

    /// Plays by a behavior.
    init(_ behavior: RubricBehavior, seed: UInt64) {
        self.behavior = behavior
        self.seed = seed
    }

    /// The answer to a call that asks for a rubric or for a repair; `nil` for any other schema.
    ///
    /// The same call is answered alike however often it is made.
    func answer(to schema: JSONValue, _ call: ChatCall, fault: Fault?) -> JudgeAnswer? {
        guard let items = schema["properties"]?["items"]?["items"]?["properties"], items["polarity"] != nil else {
            return nil
        }
        let messages = call.body["messages"]?.array ?? []
        var hash = StableHash()
        hash.combine(seed)
        hash.combine(Self.withoutMarks(messages.first { $0["role"]?.string == "user" }?["content"]?.string ?? ""))
        if items["number"] != nil {
            return JudgeAnswer(repair(messages.last?["content"]?.string ?? "", hash.value), fault: fault)
        }
        let broken = broken(hash.value)
        let rubric = rubric(hash.value, broken)
        let isFirst = !messages.contains { $0["role"]?.string == "assistant" }
        if isFirst, broken.contains(.prose) { return .sentence("A good answer names the rate and its cause.") }
        if isFirst, broken.contains(.cut) { return JudgeAnswer(rubric, fault: .truncatedJSON) }
        return JudgeAnswer(rubric, fault: fault)
    }

    /// The rules that a prompt's rubric breaks.
    private func broken(_ seed: UInt64) -> [RubricBehavior.Violation] {
        behavior.violations.filter { share in
            var draws = SplitMix64(seed: seed, path: share.violation.rawValue.stableHash)
            return draws.uniform() < share.share
        }.map(\.violation)
    }

    // MARK: - Answers

    private func rubric(_ seed: UInt64, _ broken: [RubricBehavior.Violation]) -> JSONValue {
        var draws = SplitMix64(seed: seed, path: 0x2B)
        let span = behavior.items
        var count = span.lowerBound + Int(draws.next() % UInt64(span.count))
        if broken.contains(.tooFew) { count = 3 }
        var items = (1...count).map { item($0, seed) }
        for violation in broken { Self.spoil(&items, violation) }
        let points = (1...count).map { JSONValue.string("point \($0)") }
        return ["points": .array(points), "items": .array(items.map(JSONValue.object))]
    }

    /// What the complaints ask for: items by their numbers, and those that are missing.
    private func repair(_ complaints: String, _ seed: UInt64) -> JSONValue {
        var hash = StableHash()
        hash.combine(seed)
        hash.combine(complaints)
        var draws = SplitMix64(seed: hash.value, path: 0x3C)
        guard draws.uniform() >= behavior.stubbornness else { return ["items": [], "withdrawn": []] }
        var numbers = complaints.split(separator: "\n").compactMap { line -> Int? in
            guard line.hasPrefix("item ") else { return nil }
            return Int(line.dropFirst(5).prefix { $0.isNumber })
        }
        if complaints.contains("the rubric: it has 3 items") { numbers += Array(4...8) }
        let items = numbers.map { number -> JSONValue in
            var object: JSONObject = ["number": .integer(number)]
            for (key, value) in item(number, seed).members { object[key] = value }
            return .object(object)
        }
        return ["items": .array(items), "withdrawn": []]
    }

    /// An item that breaks no rule: every seventh is a pitfall, the first is essential.
    private func item(_ number: Int, _ seed: UInt64) -> JSONObject {
        var draws = SplitMix64(seed: seed, path: UInt64(number))
        func pick(_ words: [String]) -> String { words[Int(draws.next() % UInt64(words.count))] }
        let importance = number == 1 ? "essential" : number % 7 == 3 ? "pitfall" : pick(["important", "optional"])
        let weights = ["essential": [5], "important": [3, 4], "optional": [1, 2], "pitfall": [2, 3]]
        let isFault = importance == "pitfall" && draws.next() & 1 == 1
        let subject = pick(["rate", "dose", "cause", "limit", "result", "mechanism", "choice", "test"])
        let value = Int(draws.next() % 900) + 100
        let verb = isFault ? "Ignores" : importance == "pitfall" ? "Does not overstate" : "States"
        let weight = weights[importance, default: [1]][Int(draws.next() % UInt64(weights[importance]?.count ?? 1))]
        return [
            "title": .string("Names \(subject) \(number)"),
            "description": .string("\(verb) the \(subject) of \(value) units for step \(number) of the work at hand."),
            "importance": .string(importance), "weight": .integer(weight),
            "polarity": .string(isFault ? "negative" : "positive"), "kind": .string(pick(["content", "form"])),
        ]
    }

    private static func spoil(_ items: inout [JSONObject], _ violation: RubricBehavior.Violation) {
        // Each spoils an item of its own, so that all of them show.
        let place = RubricBehavior.Violation.allCases.firstIndex(of: violation) ?? 0
        let index = min(1 + place, items.count - 1)
        switch violation {
        case .shortTitle: items[index]["title"] = "Title"
        case .twoSentences: items[index]["description"] = "States the first. States the second."
        case .noPolarity: items[index]["polarity"] = .null
        case .wrongImportance: items[index]["importance"] = "crucial"
        case .wrongWeight: items[index]["weight"] = 9
        case .duplicate: items[index]["description"] = items[index - 1]["description"]
        case .outside: items[index]["description"] = "Agrees with the reference answer on the rate."
        case .tooFew, .prose, .cut: break
        }
    }

    /// A text without the sixteen digits of each mark.
    static func withoutMarks(_ text: String) -> String {
        var written: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "]"), written.suffix(16).allSatisfy(Self.isDigit), written.count >= 16 {
                written.removeLast(16)
            }
            written.append(byte)
        }
        return String(decoding: written, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
