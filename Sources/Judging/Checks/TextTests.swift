// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// `regex`, on the raw completion.
struct RegexTest: CheckTest {
    private let regex: CompiledRegex

    init(_ pattern: String) throws {
        do {
            regex = try CompiledRegex(pattern)
        } catch {
            throw JudgingError(.invalidCheck, "\(error)")
        }
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        guard let match = regex.firstMatch(in: completion.raw) else {
            return CheckFinding(met: false, reason: "nothing matches \(regex.pattern)")
        }
        let passage = completion.passage(match)
        let place = match.isEmpty ? "the text" : Wording.excerpt(passage)
        return CheckFinding(met: true, reason: "\(place) matches \(regex.pattern)", evidence: [passage])
    }
}

/// `words`.
struct WordCountTest: CheckTest {
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

/// `repetition`: the share of word trigrams that stand earlier in the text already.
struct RepetitionTest: CheckTest {
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

/// `json`: the raw completion is one JSON document.
struct JSONTest: CheckTest {
    func evaluate(_ completion: CompletionText) -> CheckFinding {
        do {
            _ = try JSONParser.parse(completion.string.utf8, file: "completion")
            return CheckFinding(met: true, reason: "valid JSON")
        } catch {
            return CheckFinding(met: false, reason: "not JSON: \(error)")
        }
    }
}
