// SPDX-License-Identifier: Apache-2.0

import JudgeServer
import Rubrics

/// What a request to a judge asks, read from its words: without the marks, which differ from ledger to ledger.
struct AskedQuestion: Sendable {
    /// A statement or a passage with the label that it is called by; a lone one has none.
    struct Labelled: Sendable {
        var label: String
        var text: String
    }

    /// The model that is asked.
    var model: String
    /// The members of the object that the answer has to be.
    var members: [String]
    /// The statements to decide.
    var statements: [Labelled]
    /// The responses between their marks.
    var responses: [Labelled]
    /// All that the messages say.
    var text: String
    /// What the answer has to look like.
    var schema: JSONValue
    /// How often the same model was asked the same before, complaints about its answers included.
    var attempt = 0
    /// Tells what the model is asked from all else, whatever complaints follow.
    let hash: UInt64

    /// The first response.
    var response: String { responses.first?.text ?? "" }

    init(_ request: ScriptedServer.Request) {
        let messages = request.body["messages"]?.array ?? []
        let asked = messages.first { $0["role"]?.string == "user" }?["content"]?.string ?? ""
        text = messages.compactMap { $0["content"]?.string }.joined(separator: "\n")
        model = request.body["model"]?.string ?? ""
        schema = request.body["response_format"]?["json_schema"]?["schema"] ?? JudgeBehavior.verdictSchema
        members = schema["properties"]?.object?.members.map(\.key) ?? []
        let lines = asked.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        responses = Self.responses(in: lines)
        statements = Self.statements(in: lines)
        var hash = StableHash()
        hash.combine(model)
        hash.combine(asked)
        self.hash = hash.value
    }

    /// The lines between `[response …]` or `[response LABEL …]` and the mark of its end.
    private static func responses(in lines: [String]) -> [Labelled] {
        var found: [Labelled] = []
        var open: (label: String, end: String, lines: [String])?
        for line in lines {
            if let passage = open {
                if line.isExactly(passage.end) {
                    found.append(Labelled(label: passage.label, text: passage.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.utf8.starts(with: "[response ".utf8) {
                let words = line.dropFirst().dropLast().split(separator: " ")
                open = (words.count > 2 ? String(words[1]) : "", "[end of \(line.dropFirst())", [])
            }
        }
        return found
    }

    /// The line after `The statement:`, or the labelled ones after `The statements:`.
    private static func statements(in lines: [String]) -> [Labelled] {
        if let heading = lines.lastIndex(of: "The statement:") {
            return [Labelled(label: "", text: lines[heading + 1])]
        }
        guard let heading = lines.lastIndex(of: "The statements:") else { return [] }
        return lines[(heading + 1)...].prefix { !$0.isEmpty }.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return Labelled(
                label: String(line[..<colon]),
                text: String(line[colon...].dropFirst(2))
            )
        }
    }
}
