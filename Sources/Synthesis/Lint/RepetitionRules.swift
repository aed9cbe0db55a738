// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Criteria that say the same, or the opposite of each other.
enum RepetitionRules: RowRules {
    static let rules: Set<LintRule> = [.duplicateCriterion, .mirroredPitfall, .contradictoryCriteria]
    /// The share of words from which two statements say the same (Jaccard).
    private static let sameStatement = 0.9
    /// The cosine of the words from which a pitfall is about another criterion's fact.
    private static let sameFact = 0.6
    /// How many words of content a statement needs to be compared by them.
    private static let comparable = 3

    static func findings(in row: LintedRow) -> [LintFinding] {
        var findings: [LintFinding] = []
        for (index, criterion) in row.criteria.enumerated() {
            let earlier = row.criteria[..<index]
            if let duplicate = duplicate(criterion, of: earlier, row) {
                findings.append(duplicate)
            } else if let contradiction = contradiction(criterion, to: earlier, row) {
                findings.append(contradiction)
            }
            if let mirror = mirror(criterion, row) { findings.append(mirror) }
        }
        return findings
    }

    // MARK: - Duplicates

    private static func duplicate(
        _ criterion: LintedCriterion,
        of earlier: ArraySlice<LintedCriterion>,
        _ row: LintedRow
    ) -> LintFinding? {
        for other in earlier where areOneStatement(criterion, other) {
            let isSame =
                criterion.criterion.isSame(as: other.criterion) && criterion.path.count == other.path.count
                && criterion.signedWeight == other.signedWeight
            return row.finding(
                .duplicateCriterion,
                criterion,
                "says what \(other.criterion.id) says",
                suggestion: isSame
                    ? "take it out" : "keep one of them: \(other.description.quoted)",
                fix: isSame && criterion.path.count == 1 ? .remove(criterion: criterion.path) : nil
            )
        }
        return nil
    }

    private static func areOneStatement(_ left: LintedCriterion, _ right: LintedCriterion) -> Bool {
        if left.description.words.count == right.description.words.count,
            left.description.wordsHash == right.description.wordsHash
        {
            return true
        }
        guard left.content.count > comparable, right.content.count > comparable,
            left.description.isNegated == right.description.isNegated,
            left.isPitfall == right.isPitfall
        else { return false }
        let common = commonCount(left.content, right.content)
        return Double(common) / Double(left.content.count + right.content.count - common) >= sameStatement
            && exact(left) == exact(right) && opposites(left, right) == nil
    }

    // MARK: - Mirrors

    /// A pitfall about the fact of a criterion that is none: with words in common that are not the question's alone.
    private static func mirror(_ criterion: LintedCriterion, _ row: LintedRow) -> LintFinding? {
        guard criterion.isPitfall, criterion.content.count >= comparable,
            !criterion.description.words.contains(where: { $0.classes.contains(.aside) })
        else { return nil }
        let candidates = row.criteria.filter { other in
            !other.isPitfall && other.criterion.importance != .optional && other.content.count >= comparable
                && other.content.contains { !row.promptStems.contains($0) && criterion.content.contains($0) }
        }
        let closest = candidates.map { ($0, cosine($0.content, criterion.content)) }.max { $0.1 < $1.1 }
        guard let (other, similarity) = closest, similarity >= sameFact else { return nil }
        return row.finding(
            .mirroredPitfall,
            criterion,
            "is about the fact of \(other.criterion.id), which is then scored twice",
            suggestion: "take it out, or make it about a mistake of its own: "
                + "\(other.description.quoted)"
        )
    }

    // MARK: - Contradictions

    private static func contradiction(
        _ criterion: LintedCriterion,
        to earlier: ArraySlice<LintedCriterion>,
        _ row: LintedRow
    ) -> LintFinding? {
        guard criterion.criterion.polarity == .positive else { return nil }
        for other in earlier where other.criterion.polarity == .positive && other.path.count == criterion.path.count {
            guard let difference = difference(criterion, other) else { continue }
            return row.finding(
                .contradictoryCriteria,
                criterion,
                "no answer can meet it together with \(other.criterion.id): \(difference)",
                suggestion: "keep the one that is right: \(other.description.quoted)"
            )
        }
        return nil
    }

    /// What makes two statements of the same words contradict each other.
    private static func difference(_ left: LintedCriterion, _ right: LintedCriterion) -> String? {
        guard left.content.count >= comparable, right.content.count >= comparable else { return nil }
        if left.description.isNegated != right.description.isNegated, left.content == right.content {
            return "one of them is negated"
        }
        if left.description.words.count == right.description.words.count, let pair = opposites(left, right) {
            return pair
        }
        return nil
    }

    /// The one pair of opposites in which two statements differ.
    private static func opposites(_ left: LintedCriterion, _ right: LintedCriterion) -> String? {
        let (leftWords, rightWords) = (left.description.words, right.description.words)
        guard leftWords.count == rightWords.count else { return nil }
        let differences = leftWords.indices.filter { leftWords[$0].hash != rightWords[$0].hash }
        guard differences.count == 1, let place = differences.first,
            leftWords[place].classes.contains(.opposite),
            LintVocabulary.standard.opposites[leftWords[place].hash] == rightWords[place].hash
        else { return nil }
        return "\"\(left.description.text(of: leftWords[place].range))\" against "
            + "\"\(right.description.text(of: rightWords[place].range))\""
    }

    // MARK: - Words in common

    /// Numbers and option letters, in order: other ones make another statement.
    private static func exact(_ criterion: LintedCriterion) -> [UInt64] {
        criterion.description.words.filter(\.isExact).map(\.hash)
    }

    private static func cosine(_ left: [UInt64], _ right: [UInt64]) -> Double {
        Double(commonCount(left, right)) / Double(left.count * right.count).squareRoot()
    }

    /// How many elements two sorted lists share.
    private static func commonCount(_ left: [UInt64], _ right: [UInt64]) -> Int {
        var (first, second, count) = (0, 0, 0)
        while first < left.count, second < right.count {
            if left[first] == right[second] { count += 1 }
            let isBehind = left[first] <= right[second]
            if right[second] <= left[first] { second += 1 }
            if isBehind { first += 1 }
        }
        return count
    }
}

extension Criterion {
    /// Whether both are the same but for their identifiers and titles.
    fileprivate func isSame(as other: Criterion) -> Bool {
        var (left, right) = (self, other)
        left.id = ""
        right.id = ""
        return left == right && description.isExactly(other.description) && title.isExactly(other.title)
    }
}
