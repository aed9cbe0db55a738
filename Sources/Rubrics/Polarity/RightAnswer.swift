// SPDX-License-Identifier: Apache-2.0

/// What a right answer to a task's prompt holds, as far as the reference answer and the positive criteria tell.
struct RightAnswer: Sendable, Hashable {
    /// The question's options.
    let options: AnswerOptions
    /// The content of each sentence and criterion, without what it rules out.
    private let passages: [Set<String>]
    /// The content of all passages.
    private let content: Set<String>
    /// What passages only name to rule it out.
    private let ruledOut: Set<String>
    private let question: Set<String>

    /// Gathers the evidence of a task.
    init(_ task: RubricTask) {
        let positive = Self.positive(task.criteria).sorted { Self.rank($0) < Self.rank($1) }
        let prompt = task.prompt.filter { $0.role == .user }.map(\.content).joined(separator: "\n")
        let reference = task.referenceAnswer ?? ""
        options = AnswerOptions(question: prompt, reference: reference, criteria: positive.map(\.description))
        question = Set(ContentWords(StatementText(prompt).words).stems)
        let texts = Self.sentences(reference) + positive.map { StatementText($0.description + ". " + $0.title).words }
        let parts = texts.map(Self.parted)
        passages = parts.map { Set(ContentWords($0.held).stems) }
        content = Set(passages.joined())
        ruledOut = Set(parts.flatMap { ContentWords($0.ruledOut).stems }).subtracting(content)
    }

    /// Whether what some words are about stands in the right answer: from -1, none of it, to 1, all of it in one place.
    ///
    /// What the question holds already counts little, since a wrong answer names it too; and the less there is to look
    /// for, the less it says.
    ///
    /// - Returns: `nil` where the words are about nothing that could be looked for, or there is no right answer.
    func support(of words: [String]) -> Double? {
        let stems = ContentWords(words).stems
        let weights = stems.map { question.contains($0) ? 0.3 : 1 }
        let total = weights.reduce(0, +)
        guard total >= 0.6, content.count >= 8 else { return nil }
        func share(_ passage: Set<String>) -> Double {
            zip(stems, weights).reduce(0) { $0 + (passage.contains($1.0) ? $1.1 : 0) } / total
        }
        let excluded = stems.contains { ruledOut.contains($0) }
        let whole = share(content)
        let best = passages.map(share).max() ?? 0
        let coverage = (0.6 * whole + 0.4 * best) * (excluded ? 0.5 : 1)
        return (2 * coverage - 1) * total / (total + 0.4)
    }

    private static func positive(_ criteria: [Criterion]) -> [Criterion] {
        criteria.flatMap { [$0] + positive($0.children) }.filter {
            $0.polarity == .positive && $0.importance != .pitfall
        }
    }

    private static func rank(_ criterion: Criterion) -> Int {
        switch criterion.importance {
        case .essential: 0
        case .important: 1
        case .optional, .pitfall, nil: 2
        }
    }

    private static func sentences(_ text: String) -> [[String]] {
        StatementText(text).words.split { [".", "?", "!", ";"].contains($0) }.map(Array.init)
    }

    /// A passage parted into what it holds and what it names to rule it out: "rather than X", "unlike X", "is not X".
    private static func parted(_ words: [String]) -> (held: [String], ruledOut: [String]) {
        var (held, ruledOut): ([String], [String]) = ([], [])
        var place = 0
        while place < words.count {
            let rest = words[place...]
            guard let marker = markers.first(where: { $0.phrases.begin(rest) }) else {
                held.append(words[place])
                place += 1
                continue
            }
            let end = rest.firstIndex { marker.ends.contains($0) } ?? words.count
            let limit = max(min(end, place + marker.reach), place + 1)
            ruledOut += words[place..<limit]
            place = limit
        }
        return (held, ruledOut)
    }

    /// What begins a part of a passage that is ruled out, and how far that part reaches.
    private struct Marker {
        var phrases: Phrases
        var reach: Int
        var ends: Set<String>
    }

    private static let markers = [
        Marker(
            phrases: ["rather than", "instead of", "unlike", "as opposed to", "is not", "are not", "was not"],
            reach: 7,
            ends: [",", ".", ";", "but", "and", ")"]
        ),
        Marker(
            phrases: [
                "exclude", "excludes", "excluding", "rules out", "rule out", "ruling out", "ruled out", "avoids",
                "differentiate from", "differentiates from", "differentiates it from", "distinguish from",
                "distinguishes from", "distinguishes it from", "from other", "other options", "incorrect options",
                "incorrect answer", "less likely", "avoiding",
            ],
            reach: 40,
            ends: [".", ";"]
        ),
    ]
}
