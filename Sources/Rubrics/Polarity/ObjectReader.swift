// SPDX-License-Identifier: Apache-2.0

/// What the words for a thing say about it: whether it is called wrong, or right.
struct ObjectReader {
    private let words: [String]
    private let isNegated: Bool

    /// Takes the words behind a verb.
    ///
    /// - Parameters:
    ///   - words: The words.
    ///   - isNegated: Whether the statement says that the thing is not named.
    init(_ words: [String], isNegated: Bool) {
        self.words = words
        self.isNegated = isNegated
    }

    /// What the wording says, with weights for a statement that the thing is *not* named.
    var cues: [PolarityCue] {
        var cues: [PolarityCue] = []
        if isCalledWrong {
            cues.append(PolarityCue(ground: .wrongObject, weight: 3))
        } else if isQualified || isRival {
            cues.append(PolarityCue(ground: .wrongObject, weight: 2.2))
        }
        if isCalledNeeded { cues.append(PolarityCue(ground: .rightObject, weight: isNegated ? -1.8 : -1.1)) }
        return cues
    }

    /// Whether the thing is a fact: "that …".
    var isFact: Bool { ObjectWords.facts.begin(words[...]) }

    /// Whether the thing is what a good answer leaves out: "unnecessary detail".
    var isBesideThePoint: Bool {
        words.prefix(2).contains { ObjectWords.idle.contains($0) }
    }

    /// Whether the thing is an explanation or a comparison, which may name what is wrong in order to rule it out.
    var isExplanatory: Bool {
        words.prefix(5).contains { ObjectWords.explanatory.contains($0) }
    }

    /// Whether an adjective or a relative clause calls the thing wrong or beside the point.
    private var isCalledWrong: Bool {
        if isExplanatory { return false }
        return ObjectWords.wrongRelatives.stand(in: words)
            || (words.first != "that" && words.indices.contains(where: isWrong))
    }

    private static func opensClause(_ word: String) -> Bool {
        word == "that" || ObjectWords.explanatory.contains(word)
    }

    private func isWrong(at place: Int) -> Bool {
        guard place < 8 || !isNegated else { return false }
        let next = place + 1 < words.count ? words[place + 1] : ""
        if place > 0, ObjectWords.linking.contains(words[place - 1]), !ObjectWords.idle.contains(words[place]) {
            return false
        }
        if ObjectWords.unsound.contains(words[place]) { return ObjectWords.utterances.contains(next) || !isNegated }
        return
            (ObjectWords.wrong.contains(words[place])
            && !["positive", "positives", "negative", "negatives"].contains(next))
            || ObjectWords.idle.contains(words[place])
    }

    /// Whether a qualifier says that the thing is wrong as it is put: "without justification", "unless relevant".
    private var isQualified: Bool {
        if ObjectWords.qualifiers.stand(in: words) || (!isNegated && ObjectWords.replacements.stand(in: words)) {
            return true
        }
        if isNegated, words.prefix(4).contains(where: { ["only", "solely", "exclusively"].contains($0) }) {
            return true
        }
        if let place = words.firstIndex(of: "contraindicated"), !words[..<place].contains(where: Self.opensClause) {
            return true
        }
        guard let place = words.firstIndex(of: "without"), place > 0 else { return false }
        return words[(place + 1)...].prefix(3).contains { word in
            ObjectWords.missing.contains { word.hasPrefix($0) }
        }
    }

    /// Whether the thing is put in the right one's place: "any other nerve as the one affected".
    private var isRival: Bool {
        let head = words.prefix(5)
        guard let other = head.firstIndex(where: { ["other", "another", "alternative", "different"].contains($0) })
        else {
            return false
        }
        guard !head.contains(where: { ObjectWords.conceivable.contains($0) }) else { return false }
        let rest = Array(words[other...])
        return ObjectWords.anyOther.begin(words[...]) || ObjectWords.roles.stand(in: rest)
    }

    /// Whether the thing is called right, needed, or a caution.
    private var isCalledNeeded: Bool {
        let head = words.prefix(5).prefix { $0 != "as" }
        let names = head.filter { ObjectWords.needed.contains($0) || ObjectWords.explanatory.contains($0) }
        // "Critical of the test" is no praise of it.
        if !names.isEmpty, !(names == ["critical"] && ObjectWords.criticism.stand(in: words)) { return true }
        if ObjectWords.neededRelatives.stand(in: words) { return true }
        if words.first == "that", words.contains(where: { ["assumed", "negligible", "idealized"].contains($0) }) {
            return true
        }
        let isOther = head.contains { ["other", "alternative", "differential"].contains($0) }
        return isOther && words.prefix(8).contains { ObjectWords.conceivable.contains($0) }
    }
}
