// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// What a reply says of the criteria that were asked for.
struct VerdictReply {
    /// A verdict with its reason.
    struct Finding {
        var outcome: Verdict.Outcome
        var reason: String
        var confidence: Double?
    }

    /// The findings by label.
    private(set) var findings: [String: Finding] = [:]
    /// What is wrong with the labels that have none.
    private(set) var complaints: [String: String] = [:]

    /// Reads a reply; labels that were not asked for are left aside.
    ///
    /// - Throws: ``ReplyFault`` when the reply as a whole cannot be read.
    init(_ reply: ChatReply, labels: [String], thinking: Thinking) throws(ReplyFault) {
        let object: JSONObject
        do throws(ReplyFault) {
            object = try ReplyObject(in: reply.text, thinking: thinking).members
        } catch {
            guard reply.stopReason == .maxTokens else { throw error }
            throw ReplyFault(.cut, "your answer was cut for its length: write shorter reasons")
        }
        let list = Self.list(in: object)
        for label in labels {
            let entry = labels.count == 1 && object["met"] != nil ? .object(object) : object[label] ?? list[label]
            switch Self.finding(entry, label) {
            case .success(let finding): findings[label] = finding
            case .failure(let fault): complaints[label] = fault.complaint
            }
        }
        addConfidence(reply, labels)
    }

    /// Entries of a list by their identifiers, as some models write them; one that stands twice counts for nothing.
    private static func list(in object: JSONObject) -> [String: JSONValue] {
        let entries = object.members.lazy.compactMap(\.value.array).first ?? []
        let named = entries.compactMap { entry in
            (entry["id"] ?? entry["label"])?.string.map { ($0, entry) }
        }
        return Dictionary(named) { _, _ in .null }
    }

    private static func finding(_ entry: JSONValue?, _ label: String) -> Result<Finding, ReplyFault> {
        guard let entry else { return .failure(ReplyFault(.shape, "\(label) is missing")) }
        guard entry != .null else { return .failure(ReplyFault(.shape, "\(label) is there twice or has no value")) }
        guard let outcome = outcome(entry["met"]) else {
            let said = entry["met"].map { $0.serialized() } ?? "missing"
            return .failure(
                ReplyFault(.shape, "\"met\" of \(label) is \(said.start(60)), none of yes, no, cannot_assess")
            )
        }
        return .success(Finding(outcome: outcome, reason: entry["reason"]?.string ?? ""))
    }

    private static func outcome(_ value: JSONValue?) -> Verdict.Outcome? {
        switch value {
        case .bool(let met): met ? .met : .unmet
        case .string(let word):
            switch word.lowercased() {
            case "yes", "true", "met": .met
            case "no", "false", "unmet": .unmet
            case "cannot_assess", "cannot assess": .cannotAssess
            default: nil
            }
        default: nil
        }
    }

    private mutating func addConfidence(_ reply: ChatReply, _ labels: [String]) {
        guard !reply.tokens.isEmpty else { return }
        let positions = TokenPositions(reply)
        let values = positions.values(of: "met", words: ReplySchema.verdicts)
        // Values are told apart by their order, which is only sure when each label has one.
        guard values.count == labels.count, findings.count == labels.count else { return }
        for (label, value) in zip(labels, values) { findings[label]?.confidence = value }
    }
}
