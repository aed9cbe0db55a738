// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Synchronization

/// A judge that answers every question by the words of statement and response alone, so that two runs with ledgers of
/// their own are told the same, whatever the order of their calls.
struct WordJudge: Sendable {
    /// Says `yes`, `no` or `cannot_assess` to a statement.
    var verdict: @Sendable (_ statement: String, _ response: String) -> String = Self.names
    /// What each response is worth, from 1 to 10.
    var rating: @Sendable (_ response: String) -> Int = Self.worth
    /// What happens instead of an answer.
    var exception: @Sendable (_ question: AskedQuestion) -> ScriptedServer.Reaction? = { _ in nil }
    /// How long an answer takes.
    var latency: Duration = .zero
    /// The tokens that each answer is said to have read and written.
    var usage = (prompt: 16, completion: 4)

    /// Starts a server that answers as this judge does, and names a model when it is asked for its list.
    func start() async throws -> ScriptedServer {
        let attempts = Mutex<[UInt64: Int]>([:])
        return try await ScriptedServer.start { request, _ in
            guard request.hash != 0 else {
                return .answer(status: 200, headers: [], body: #"{"object": "list", "data": []}"#)
            }
            var question = AskedQuestion(request)
            question.attempt = attempts.withLock { attempts in
                defer { attempts[question.hash, default: 0] += 1 }
                return attempts[question.hash, default: 0]
            }
            let reaction = exception(question) ?? .completion(answer(to: question).serialized(), usage: usage)
            return latency > .zero ? .delayed(latency, reaction) : reaction
        }
    }

    /// What the judge says.
    private func answer(to question: AskedQuestion) -> JSONValue {
        let responses = question.responses
        switch question.members.last {
        case "met": return verdict(question.statements.first?.text ?? "", by: question)
        case "rating": return ["reason": "by its words", "rating": .integer(rating(question.response))]
        case "better":
            let values = responses.map { rating($0.text) }
            guard values.count == 2, values[0] != values[1] else { return ["reason": "alike", "better": "tie"] }
            return ["reason": "by their words", "better": .string(responses[values[0] > values[1] ? 0 : 1].label)]
        case "ranking":
            let ranked = responses.sorted { (rating($1.text), $0.text) < (rating($0.text), $1.text) }
            return ["reason": "by their words", "ranking": .array(ranked.map { .string($0.label) })]
        default:
            // Verdicts by label, or a schema that only tries what the endpoint can do.
            guard !question.statements.isEmpty else { return SchemaInstance(of: question.schema, seed: 1).value }
            return .object(
                JSONObject(question.statements.map { (key: $0.label, value: verdict($0.text, by: question)) })
            )
        }
    }

    private func verdict(_ statement: String, by question: AskedQuestion) -> JSONValue {
        ["reason": "by its words", "met": .string(verdict(statement, question.response))]
    }

    /// "Names X." is true of what holds X; of anything else, when it holds alpha.
    static let names: @Sendable (String, String) -> String = { statement, response in
        let word = ["alpha", "beta", "omega"].first { statement.contains("Names \($0).") } ?? "alpha"
        return response.contains(word) ? "yes" : "no"
    }

    /// Alpha is worth 5, beta 4 and gamma 1; omega costs 2.
    static let worth: @Sendable (String) -> Int = { response in
        let values = ["alpha": 5, "beta": 4, "gamma": 1, "omega": -2]
        let sum = values.reduce(1) { response.contains($1.key) ? $0 + $1.value : $0 }
        return min(max(sum, 1), 10)
    }
}

extension ScriptedServer {
    /// The address of a model here.
    func address(of model: String = "judge") -> String { "\(baseURL.absoluteString)#\(model)" }

    /// The calls that were made, without questions for the list of models and without trials of what the endpoint can.
    var calls: [Request] { requests.filter { $0.hash != 0 && !$0.body.serialized().contains("Say hello.") } }
}
