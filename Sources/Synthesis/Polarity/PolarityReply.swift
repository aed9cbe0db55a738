// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rubrics

/// What a reply says of the two answers.
enum PolarityReply: Sendable, Hashable {
    /// The statement is true of the ideal answer alone.
    case virtue
    /// The statement is true of the flawed answer alone.
    case fault
    /// It is true of both, or of neither, or it cannot be told.
    case open

    /// Reads a reply.
    ///
    /// - Throws: `ReplyFault` when it does not hold both facts.
    init(_ reply: ChatReply, thinking: Thinking) throws(ReplyFault) {
        let object: JSONObject
        do throws(ReplyFault) {
            object = try ReplyObject(in: reply.text, thinking: thinking).members
        } catch {
            guard reply.stopReason == .maxTokens else { throw error }
            throw ReplyFault(.cut, "your answer was cut for its length: write a shorter reason")
        }
        switch (try Self.word("ideal", in: object), try Self.word("flawed", in: object)) {
        case ("yes", "no"): self = .virtue
        case ("no", "yes"): self = .fault
        default: self = .open
        }
    }

    private static func word(_ key: String, in object: JSONObject) throws(ReplyFault) -> String {
        let word = object[key]?.string?.lowercased()
        guard let word, PolarityQuestion.words.contains(word) else {
            throw ReplyFault(.shape, "\"\(key)\" has to be one of yes, no, cannot_tell")
        }
        return word
    }
}
