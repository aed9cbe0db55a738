// SPDX-License-Identifier: Apache-2.0

/// A row of HealthBench (arXiv 2505.08775) at a place in a document.
///
/// Points below zero mark faults by definition; their magnitude is the weight. There are no importances, so such rows
/// are scored by their numeric weights.
struct HealthBenchRow {
    private let row: DocumentCursor

    init(_ row: DocumentCursor) {
        self.row = row
    }

    func task() throws -> RubricTask {
        let rubrics = try row.required("rubrics")
        let places = try rubrics.elements()
        guard !places.isEmpty else {
            throw rubrics.error("\"rubrics\" is empty", remedy: "a rubric needs at least one criterion")
        }
        let criteria = try places.enumerated().map { try criterion(at: $1, id: "c\($0 + 1)") }
        try rubrics.requireWeight(of: criteria)
        return RubricTask(
            id: try row.required("prompt_id").identifier(),
            prompt: try row.required("prompt").prompt(),
            referenceAnswer: try row.member("ideal_completions_data")?.member("ideal_completion")?.text(),
            source: "HealthBench",
            criteria: criteria
        )
    }

    private func criterion(at place: DocumentCursor, id: String) throws -> Criterion {
        let points = try place.required("points").number()
        return Criterion(
            id: id,
            description: try place.required("criterion").nonBlankText(),
            weight: points.magnitude,
            polarity: points < 0 ? .negative : .positive,
            polarityGround: "the sign of HealthBench's points"
        )
    }
}
