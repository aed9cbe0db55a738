// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A file of each format as its own tools write it, and what the rubric says.
struct FormatExample: Sendable {
    var format: RubricFormat
    var file: String
    var text: String
    var weights: [Double]
    var polarities: [Polarity]
    var titles: [String]

    static let all =
        [
            FormatExample(
                format: .native,
                file: "t.jsonl",
                text: #"{"id":"a","prompt":"p","criteria":[{"id":"c1","title":"t","description":"D.","weight":2.0,"#
                    + #""polarity":"negative"}]}"#,
                weights: [2],
                polarities: [.negative],
                titles: ["t"]
            ),
            FormatExample(
                format: .rar,
                file: "t.jsonl",
                text:
                    #"{"uid":"u","question":"q","reference_answer":"r","question_source":"s","rubric":[{"description":"#
                    + #""Essential Criteria: D.","title":"t","weight":5},{"#
                    + #""description":"Pitfall Criteria: Does not mention it.","title":"u","#
                    + #""weight":-1}],"rubric_list":["Essential Criteria: D.","#
                    + #""Pitfall Criteria: Does not mention it."],"rubric_count":2}"#,
                weights: [5, 1],
                polarities: [.positive, .undecided],
                titles: ["t", "u"]
            ),
            FormatExample(
                format: .healthBench,
                file: "t.jsonl",
                text: #"{"example_tags":["theme:x"],"ideal_completions_data":{"ideal_completion":"i","#
                    + #""ideal_completions_group":"Group 1","ideal_completions_ref_completions":["a"]},"prompt":[{"content":"#
                    + #""p","role":"user"}],"prompt_id":"h","rubrics":[{"criterion":"D.","points":7,"tags":["axis:a"]},"#
                    + #"{"criterion":"E.","points":-3,"tags":[]}],"canary":"healthbench:1"}"#,
                weights: [7, 3],
                polarities: [.positive, .negative],
                titles: ["", ""]
            ),
            FormatExample(
                format: .openInstruct,
                file: "t.jsonl",
                text:
                    #"{"id":"o","messages":[{"role":"user","content":"q"}],"ground_truth":"{\"query\":\"q\",\"rubrics\":"#
                    + #"[{\"description\":\"D.\",\"weight\":1,\"title\":\"t\"},{\"description\":\"E.\",\"weight\":-0.5,"#
                    + #"\"title\":\"\"}]}","dataset":"rubric"}"#,
                weights: [1, 0.5],
                polarities: [.positive, .negative],
                titles: ["t", ""]
            ),
            FormatExample(
                format: .verifiers,
                file: "t.toml",
                text: """
                    [[criteria]]
                    name = "t"
                    text = "D."
                    weight = 2

                    [[criteria]]
                    name = "u"
                    text = "E."
                    weight = 1.5
                    choices = ["yes", "no"]

                    """,
                weights: [2, 1.5],
                polarities: [.positive, .negative],
                titles: ["t", "u"]
            ),
            FormatExample(
                format: .autorubric,
                file: "t.yaml",
                text: """
                    guidelines: "Be strict."
                    criteria:
                    - name: "t"
                      weight: 10
                      requirement: "D."
                    - weight: -5.5
                      requirement: "E."

                    """,
                weights: [10, 5.5],
                polarities: [.positive, .negative],
                titles: ["t", ""]
            ),
            FormatExample(
                format: .rubric,
                file: "t.yaml",
                text: """
                    - weight: 10
                      requirement: "D."
                    - weight: -5
                      requirement: "E."

                    """,
                weights: [10, 5],
                polarities: [.positive, .negative],
                titles: ["", ""]
            ),
            FormatExample(
                format: .rewardkit,
                file: "t.toml",
                text: """
                    [judge]
                    judge = "anthropic/claude-sonnet-4-6"

                    [[criterion]]
                    id = "c1"
                    description = "D."
                    weight = 2
                    name = "c1"

                    [criterion.annotations]
                    title = "t"
                    importance = "essential"

                    [[criterion]]
                    id = "c2"
                    description = "E."
                    weight = 1
                    name = "c2"
                    negate = true

                    """,
                weights: [2, 1],
                polarities: [.positive, .negative],
                titles: ["t", ""]
            ),
            FormatExample(
                format: .prometheus,
                file: "t.json",
                text: """
                    {
                      "criteria": "Is it kind?",
                      "score1_description": "1",
                      "score2_description": "2",
                      "score3_description": "3",
                      "score4_description": "4",
                      "score5_description": "5"
                    }

                    """,
                weights: [1],
                polarities: [.positive],
                titles: [""]
            ),
        ] + training

    private static let payload =
        #"{\"id\":\"v\",\"criteria\":[{\"id\":\"c1\",\"title\":\"t\",\"description\":\"D.\",\"weight\":2.0,"#
        + #"\"polarity\":\"negative\"}],\"provenance\":{}}"#

    /// Rows that carry the native rubric as a text.
    private static let training = [
        (RubricFormat.openRLHF, #"{"prompt":[{"role":"user","content":"q"}],"label":"\#(payload)"}"#),
        (
            .verl,
            #"{"data_source":"rubrics","prompt":[{"role":"user","content":"q"}],"ability":"rubric","reward_model":"#
                + #"{"style":"model","ground_truth":"\#(payload)"},"extra_info":{"split":"train","index":0,"id":"v"}}"#
        ),
        (
            .trl,
            #"{"id":"v","prompt":[{"role":"user","content":"q"}],"reference_answer":null,"rubric":"\#(payload)"}"#
        ),
    ].map { format, text in
        FormatExample(
            format: format,
            file: "t.jsonl",
            text: text,
            weights: [2],
            polarities: [.negative],
            titles: ["t"]
        )
    }
}

extension RubricRow {
    /// The one row of a text.
    static func only(in text: String, file: String, as format: RubricFormat? = nil) throws -> RubricRow {
        var rows: [RubricRow] = []
        let bytes = Array(text.utf8)
        try RubricFileLayout(of: bytes, file: file, format: format).forEachRow(of: bytes, file: file) {
            rows.append(try RubricRow($0, as: format))
        }
        return rows[0]
    }
}
