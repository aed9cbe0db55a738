// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import GRDB
import Rubrics

/// An answered call as the file keeps it.
struct StoredCall: GroupWriter.Record {
    var key: CallKey
    var model: String
    var reply: ChatReply

    func insert(into database: Database, at time: Int) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO call (key, model, reply, input_tokens, output_tokens, cost, created)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                Data(key.bytes), model, reply.stored.serialized(), reply.usage.input, reply.usage.output,
                reply.cost,
                time,
            ]
        )
    }

    static func reply(for key: CallKey, in database: Database) throws -> ChatReply? {
        let statement = try database.cachedStatement(sql: "SELECT reply, cost FROM call WHERE key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Data(key.bytes)]) else { return nil }
        let text: String = row[0]
        var reply = try ChatReply(stored: JSONParser.parse(Array(text.utf8), file: "ledger"))
        reply?.cost = row[1]
        return reply
    }
}

extension ChatReply {
    /// What replaying needs: the text, why it ends, its usage, its tokens.
    fileprivate var stored: JSONValue {
        var object: JSONObject = ["text": .string(text)]
        if stopReason == .maxTokens { object["stop_reason"] = "max_tokens" }
        object["usage"] = [
            .integer(usage.input), .integer(usage.cachedInput), .integer(usage.output), .integer(usage.reasoning),
        ]
        if !tokens.isEmpty { object["tokens"] = .array(tokens.map(\.stored)) }
        return .object(object)
    }

    fileprivate init?(stored value: JSONValue) {
        guard let text = value["text"]?.string, let usage = value["usage"]?.array?.map({ $0.int ?? 0 }),
            usage.count == 4
        else { return nil }
        self.init(
            text: text,
            stopReason: value["stop_reason"] == nil ? .complete : .maxTokens,
            usage: TokenUsage(input: usage[0], cachedInput: usage[1], output: usage[2], reasoning: usage[3]),
            tokens: (value["tokens"]?.array ?? []).compactMap(Token.init(stored:))
        )
    }
}

extension ChatReply.Token {
    fileprivate var stored: JSONValue {
        let alternatives = alternatives.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return [
            .string(text), .number(logprob),
            .object(JSONObject(alternatives.map { (key: $0.key, value: .number($0.value)) })),
        ]
    }

    fileprivate init?(stored value: JSONValue) {
        guard let parts = value.array, parts.count == 3, let text = parts[0].string else { return nil }
        // JSON has no infinity: the log-probability of what cannot be is written as null.
        let logprob = parts[1].double ?? -.infinity
        let members = parts[2].object?.members ?? []
        let alternatives = Dictionary(members.map { ($0.key, $0.value.double ?? -.infinity) }) { first, _ in first }
        self.init(text: text, logprob: logprob, alternatives: alternatives)
    }
}
