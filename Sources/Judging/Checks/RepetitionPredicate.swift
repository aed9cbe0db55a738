// SPDX-License-Identifier: Apache-2.0

/// `repetition`: the share of word trigrams that stand earlier in the text already.
struct RepetitionPredicate: CheckPredicate {
    private let max: Double

    init(max: Double) throws {
        guard max >= 0, max <= 1 else {
            throw JudgingError(.invalidCheck, "`repetition`: max \(max) is no share between 0 and 1")
        }
        self.max = max
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let words = completion.words
        let text = completion.normalized.scalars
        var seen: Set<[Unicode.Scalar]> = []
        var repeated: [Range<Int>] = []
        for index in words.indices.dropLast(2) {
            let trigram = (0..<3).flatMap { text[words[index + $0]] + [" "] }
            if !seen.insert(trigram).inserted {
                repeated.append(words[index].lowerBound..<words[index + 2].upperBound)
            }
        }
        let total = Swift.max(1, words.count - 2)
        let share = Double(repeated.count) / Double(total)
        let reason = "\(Wording.percent(share)) of word trigrams repeat earlier ones; at most \(Wording.percent(max))"
        return CheckFinding(met: share <= max, reason: reason, evidence: passages(repeated, in: completion))
    }

    /// Overlapping repeats as one passage each.
    private func passages(_ repeated: [Range<Int>], in completion: CompletionText) -> [String] {
        var runs: [Range<Int>] = []
        for range in repeated {
            if let last = runs.last, range.lowerBound < last.upperBound {
                runs[runs.count - 1] = last.lowerBound..<range.upperBound
            } else {
                runs.append(range)
            }
        }
        return runs.map(completion.passage(normalized:))
    }
}
