// SPDX-License-Identifier: Apache-2.0

/// What words are known for, and the phrases that rules look for.
///
/// Look-ups go through one open table, because each word of a set is looked up once.
struct LintVocabulary: Sendable {
    /// The vocabulary of the rules.
    static let standard = LintVocabulary()

    /// Points at what the judge does not see.
    let outside = PhraseList(LintWordLists.outside)
    /// Leaves open whether a statement asks for anything.
    let hedges = PhraseList(LintWordLists.hedges)
    /// Names an answer without saying which.
    let unnamedAnswers = PhraseList(LintWordLists.unnamedAnswers)
    /// Opens a statement that describes a fault.
    let faultOpenings = PhraseList(LintWordLists.faultOpenings)
    /// Opens a statement that describes the avoidance of a fault.
    let avoidanceOpenings = PhraseList(LintWordLists.avoidanceOpenings)
    /// Opens a title that promises an avoidance.
    let avoidanceTitles = PhraseList(LintWordLists.avoidanceTitles)
    /// Stands for a reference answer that says nothing.
    let emptyTalk = PhraseList(LintWordLists.emptyTalk)
    /// The word that says the opposite, by hash.
    let opposites: [UInt64: UInt64]

    private var slots: [(hash: UInt64, classes: LintWord.Classes)]
    private let mask: Int

    private init() {
        var classes: [UInt64: LintWord.Classes] = [:]
        func add(_ words: String, _ new: LintWord.Classes) {
            for word in Self.hashes(words) { classes[word, default: []].insert(new) }
        }
        add(LintWordLists.function, .function)
        add(LintWordLists.generic, .generic)
        add(LintWordLists.negations, .negation)
        add(LintWordLists.actions, [.action, .generic])
        add(LintWordLists.bareActions, [.bareAction, .generic])
        add(LintWordLists.modals, .modal)
        add(LintWordLists.vague, [.vague, .generic])
        add(LintWordLists.specifying, .specifying)
        add(LintWordLists.clauses, .clause)
        add(LintWordLists.asides, .aside)
        add(LintWordLists.abbreviations, .abbreviation)
        let pairs = LintWordLists.opposites.map { Self.hashes($0) }
        opposites = pairs.reduce(into: [:]) { opposites, pair in
            opposites[pair[0]] = pair[1]
            opposites[pair[1]] = pair[0]
        }
        for word in opposites.keys { classes[word, default: []].insert(.opposite) }
        for phrases in [outside, hedges, unnamedAnswers, emptyTalk] {
            for word in phrases.firstWords { classes[word, default: []].insert(.phraseStart) }
        }
        (slots, mask) = Self.table(of: classes)
    }

    /// What a word is known for; nothing for most.
    func classes(of hash: UInt64) -> LintWord.Classes {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].hash != 0 {
            if slots[slot].hash == hash { return slots[slot].classes }
            slot = (slot + 1) & mask
        }
        return []
    }

    private static func hashes(_ words: String) -> [UInt64] {
        words.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { $0.reduce(.wordHash) { $0.hashed(with: $1) } }
    }

    private static func table(
        of classes: [UInt64: LintWord.Classes]
    ) -> (slots: [(hash: UInt64, classes: LintWord.Classes)], mask: Int) {
        var size = 1
        while size < 4 * classes.count { size *= 2 }
        var slots: [(hash: UInt64, classes: LintWord.Classes)] = Array(repeating: (0, []), count: size)
        for (hash, known) in classes {
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot].hash != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = (hash, known)
        }
        return (slots, size - 1)
    }
}
