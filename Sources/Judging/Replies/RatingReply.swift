// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics

/// What a reply says of a rating, a comparison or a ranking.
enum RatingReply {
    /// A rating from 1 to 10, off which there is nothing: 11, 7.5 and "seven" are faults.
    static func rating(in reply: ChatReply, byLetter: Bool, thinking: Thinking) throws(ReplyFault) -> (Int, String) {
        let object = try object(in: reply, thinking)
        let value = object["rating"]
        let rating: Int? =
            byLetter
            ? value?.string.flatMap { letter in ReplySchema.letters.firstIndex { $0.isExactly(letter) } }.map { $0 + 1 }
            : value?.int ?? value?.string.flatMap { Int($0) }
        guard let rating, (1...10).contains(rating) else {
            let menu = byLetter ? "none of the letters A to J" : "no whole number from 1 to 10"
            throw ReplyFault(.shape, "\"rating\" is \(shown(value)), \(menu)")
        }
        return (rating, object["reason"]?.string ?? "")
    }

    /// Which of two answers is better: A, B or neither.
    static func comparison(in reply: ChatReply, thinking: Thinking) throws(ReplyFault) -> (String, String) {
        let object = try object(in: reply, thinking)
        guard let better = object["better"]?.string, ["A", "B", "tie"].contains(where: { $0.isExactly(better) }) else {
            throw ReplyFault(.shape, "\"better\" is \(shown(object["better"])), none of \"A\", \"B\", \"tie\"")
        }
        return (better, object["reason"]?.string ?? "")
    }

    /// Each label's rank from 1; a label that is missing or stands twice has none.
    static func ranking(in reply: ChatReply, labels: [String], thinking: Thinking) throws(ReplyFault)
        -> (ranks: [String: Int], reason: String)
    {
        let object = try object(in: reply, thinking)
        let said = (object["ranking"]?.array ?? []).map { $0.string ?? "" }
        var ranks: [String: Int] = [:]
        for label in labels {
            let places = said.indices.filter { said[$0].isExactly(label) }
            if places.count == 1 { ranks[label] = places[0] + 1 }
        }
        guard ranks.count == labels.count, said.count == labels.count else {
            throw ReplyFault(.shape, "\"ranking\" has to hold each of \(labels.joined(separator: ", ")) once")
        }
        return (ranks, object["reason"]?.string ?? "")
    }

    private static func object(in reply: ChatReply, _ thinking: Thinking) throws(ReplyFault) -> JSONObject {
        do throws(ReplyFault) {
            return try ReplyObject(in: reply.text, thinking: thinking).members
        } catch {
            guard reply.stopReason == .maxTokens else { throw error }
            throw ReplyFault(.cut, "your answer was cut for its length: write a shorter reason")
        }
    }

    private static func shown(_ value: JSONValue?) -> String {
        value.map { $0.serialized().start(60) } ?? "missing"
    }
}
