// SPDX-License-Identifier: Apache-2.0

/// `words`.
struct WordCountPredicate: CheckPredicate {
    private let min: Int?
    private let max: Int?

    init(min: Int?, max: Int?) throws {
        guard min != nil || max != nil else {
            throw JudgingError(.invalidCheck, "`words` needs `min`, `max` or both")
        }
        guard (min ?? 0) <= (max ?? .max) else {
            throw JudgingError(.invalidCheck, "`words`: min \(min ?? 0) is above max \(max ?? 0)")
        }
        self.min = min
        self.max = max
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let count = completion.words.count
        let met = count >= min ?? 0 && count <= max ?? .max
        return CheckFinding(met: met, reason: "\(Wording.count(count, "word")); \(met ? "within" : "not") \(bounds)")
    }

    private var bounds: String {
        switch (min, max) {
        case (let min?, let max?): "\(min) to \(max)"
        case (let min?, nil): "at least \(min)"
        default: "at most \(max ?? 0)"
        }
    }
}
