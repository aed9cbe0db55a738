// SPDX-License-Identifier: Apache-2.0

extension LintWordLists {
    /// Point at what the judge does not see: the reference, pictures, other criteria, text above.
    static let outside = [
        "reference answer", "reference response", "reference solution", "reference text", "the reference's",
        "ground truth", "gold answer", "gold standard answer", "ideal answer", "ideal response", "sample answer",
        "provided solution", "given solution", "provided answer", "expected answer",
        "the image above", "the figure above", "the table above", "the diagram above", "the graph above",
        "in the image", "in the figure", "in the diagram", "in the picture", "in the photograph",
        "shown in the graph", "attached image", "attached figure", "provided image", "provided figure",
        "provided diagram", "provided table", "accompanying figure", "accompanying diagram", "shown above",
        "mentioned above", "described above", "listed above", "stated above", "noted above", "outlined above",
        "given above", "as above", "mentioned earlier", "described earlier", "mentioned below",
        "listed below", "previous criterion", "previous criteria", "other criteria", "above criteria", "this rubric",
        "the rubric",
    ]

    /// Leave open whether the statement asks for anything.
    static let hedges = [
        "if relevant", "if applicable", "if appropriate", "as appropriate", "as applicable", "where appropriate",
        "when appropriate", "where applicable", "when applicable", "where relevant", "when relevant", "to some extent",
    ]

    /// Name an answer without saying which.
    static let unnamedAnswers = [
        "correct answer", "correct final answer", "correct option", "correct choice", "correct solution",
        "correct result", "correct value", "correct diagnosis", "right answer", "correct conclusion",
        "correct numerical value", "correct expression",
    ]

    /// Open a statement that describes a fault.
    static let faultOpenings = [
        "fails to", "failing to", "fail to", "ignores", "neglects", "overlooks", "omits", "misses", "confuses",
        "incorrectly", "wrongly", "erroneously", "inaccurately", "mistakenly", "misidentifies", "misinterprets",
        "misstates", "misrepresents", "misattributes", "dismisses", "misdiagnoses", "the response fails to",
        "the answer fails to", "response fails to", "lacks", "includes incorrect", "provides incorrect",
        "includes inaccurate", "provides inaccurate",
    ]

    /// Open a statement that describes the avoidance of a fault.
    static let avoidanceOpenings = [
        "avoids", "avoid", "warns against", "cautions against", "advises against", "refrains from",
        "the response must not", "the answer must not", "the response should not", "the answer should not",
        "the response must avoid", "the answer must avoid", "the response should avoid", "the answer should avoid",
        "response should avoid", "answer should avoid", "must avoid", "must not", "should avoid", "should not",
        "the explanation should avoid", "the explanation must avoid", "the explanation should not",
        "the solution should avoid", "the solution must avoid", "the solution must not",
    ]

    /// Open a title that promises an avoidance.
    static let avoidanceTitles = ["avoid", "avoids", "avoiding", "avoidance", "excludes", "no", "does not"]

    /// Stand for a reference answer that says nothing.
    static let emptyTalk = [
        "see the solution", "see solution", "see above", "see below", "see explanation", "see detailed explanation",
        "see the explanation", "see the answer", "see answer", "see text", "see figure", "see the figure", "see proof",
        "refer to the solution", "refer to the explanation", "refer to the textbook", "not provided", "not available",
        "not given", "no answer", "none provided", "answer not found", "to be determined", "left to the reader",
        "left as an exercise", "answers may vary", "answers will vary", "proof omitted", "proof above", "same as above",
        "solution summary", "detailed explanation in the solution",
    ]
}
