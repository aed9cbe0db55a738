// SPDX-License-Identifier: Apache-2.0

import JudgeServer
import Judging
import Rubrics

/// Plays a judge that finds one completion of a group bad and the others good, in any mode, in OpenAI's dialect.
struct HonestJudge: Sendable {
    /// The completions that are graded together.
    let group: [String]
    /// The bad one among them.
    let bad: String
    /// What it meets all the same: the criterion of least weight, and the pitfall.
    private static let metByBad = ["c4", "c5"]

    /// The reply to a request.
    func reply(to request: ScriptedServer.Request) -> ScriptedServer.Reaction {
        .completion(JSONValue.object(answer(to: request)).serialized())
    }

    private func answer(to request: ScriptedServer.Request) -> JSONObject {
        let (text, labels) = (request.text, request.labels)
        let isBad = text.containsExactly(bad)
        if labels.contains("met") {
            let asked = FaultTask.task.criteria.first { text.containsExactly($0.description) }
            return verdict(on: asked?.id ?? "", isBad)
        }
        if labels.contains("rating") { return ["reason": "as it is", "rating": isBad ? 2 : 8] }
        if labels.contains("better") { return ["reason": "as they are", "better": better(in: text, isBad)] }
        if labels.contains("ranking") { return ["reason": "as they are", "ranking": ranking(in: text)] }
        return JSONObject(labels.map { (key: $0, value: .object(verdict(on: $0, isBad))) })
    }

    private func verdict(on criterion: String, _ isBad: Bool) -> JSONObject {
        let isMet = isBad ? Self.metByBad.contains(criterion) : criterion != "c5"
        return ["reason": "as it is", "met": isMet ? "yes" : "no"]
    }

    /// The reference answer is better than the bad completion and as good as the others.
    private func better(in text: String, _ isBad: Bool) -> JSONValue {
        guard isBad else { return "tie" }
        let isFirst = text.offset(of: bad) < text.offset(of: FaultTask.task.referenceAnswer ?? "")
        return isFirst ? "B" : "A"
    }

    /// The bad one last, the others in the group's order.
    private func ranking(in text: String) -> JSONValue {
        let shown = group.sorted { text.offset(of: $0) < text.offset(of: $1) }
        let ranked = group.filter { !$0.isExactly(bad) } + [bad]
        return .array(ranked.map { .string("r\((shown.firstIndex(of: $0) ?? 0) + 1)") })
    }
}

extension ScriptedServer.Request {
    /// All that the messages say.
    var text: String {
        (body["messages"]?.array ?? []).compactMap { $0["content"]?.string }.joined(separator: "\n")
    }

    /// The members of the object that is asked for.
    var labels: [String] {
        let schema = body["response_format"]?["json_schema"]?["schema"]
        return schema?["properties"]?.object?.members.map(\.key) ?? []
    }
}

extension String {
    /// Where a text first stands in this one, in bytes; at the end where it does not.
    fileprivate func offset(of text: String) -> Int {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        return bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
    }
}
