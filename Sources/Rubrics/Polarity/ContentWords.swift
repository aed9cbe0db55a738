// SPDX-License-Identifier: Apache-2.0

/// The words of a text that say what it is about, each cut to its stem.
///
/// What any statement of any rubric may hold ("mention", "answer", "condition") is left out, so that what remains can
/// be looked for in the right answer.
struct ContentWords: Sendable, Hashable {
    /// The stems, each once, in the order of the text.
    let stems: [String]

    /// The content of some words.
    init(_ words: some Sequence<String>) {
        var seen: Set<String> = []
        stems = words.flatMap(Self.parts).filter { !Self.isEmpty($0) }.map(Self.stem).filter {
            !Self.commonStems.contains($0) && seen.insert($0).inserted
        }
    }

    /// A compound counts by its parts.
    private static func parts(_ word: String) -> [String] {
        word.split(separator: "-").map(String.init)
    }

    private static func isEmpty(_ word: String) -> Bool {
        if StatementText.isMark(word) || functionWords.contains(word) { return true }
        let scalars = word.unicodeScalars
        return scalars.count == 1 && scalars.allSatisfy { $0.properties.isAlphabetic }
    }

    /// A word without the endings of English inflection and of the commonest derivations.
    static func stem(_ word: String) -> String {
        var bytes = Array(word.utf8)
        if bytes.ends(with: Array("'s".utf8)) { bytes.removeLast(2) }
        guard let last = bytes.last else { return word }
        for ending in endingsByLastByte[last] ?? [] where bytes.ends(with: ending.suffix) {
            let stem = bytes.dropLast(ending.suffix.count)
            if stem.count >= 3 { return String(decoding: undoubled(stem) + ending.replacement, as: UTF8.self) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func undoubled(_ stem: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let last = stem.last, stem.count > 3, last < 0x80, stem.dropLast().last == last,
            !"lsz".utf8.contains(last)
        else { return stem }
        return stem.dropLast()
    }

    private static let endingsByLastByte: [UInt8: [(suffix: [UInt8], replacement: [UInt8])]] = {
        let parts = endings.map { (suffix: Array($0.0.utf8), replacement: Array($0.1.utf8)) }
        return Dictionary(grouping: parts) { $0.suffix[$0.suffix.count - 1] }
    }()

    private static let endings: [(String, String)] = [
        ("ifications", "ify"), ("ification", "ify"), ("ifying", "ify"), ("ified", "ify"), ("ifies", "ify"),
        ("ational", "at"), ("izations", "iz"), ("ization", "iz"), ("isations", "iz"), ("isation", "iz"),
        ("fulness", ""), ("ously", ""), ("iveness", ""), ("ations", "at"), ("ation", "at"), ("ments", ""),
        ("ment", ""), ("ities", ""), ("ally", ""), ("ings", ""), ("ions", ""), ("ives", ""), ("ates", "at"),
        ("ated", "at"), ("ating", "at"), ("ized", "iz"), ("izes", "iz"), ("izing", "iz"), ("ies", "y"), ("ing", ""),
        ("ion", ""), ("ive", ""), ("ity", ""), ("ous", ""), ("ate", "at"), ("ize", "iz"), ("ise", "iz"), ("edly", ""),
        ("ly", ""), ("ed", ""), ("es", ""), ("al", ""), ("ic", ""), ("e", ""), ("s", ""),
    ]

    private static let functionWords = words(
        """
        a an the this that these those it its their there here of in on at by for from to into onto with within without
        as is are was were be been being am do does did done has have had having will would shall should must can could
        may might and or nor but if then than so such because since while when where which who whom whose what how why
        not no never any all each every both either neither some more most less least much many few other others
        another only also too very just even still yet per via between among over under about above below through
        during before after against toward towards upon e.g i.e eg ie etc vs versus despite due rather instead unlike
        until unless his her he she they them we you your our us i one two own same whether like including include
        includes up out off down again further once
        """
    )

    private static let commonStems = Set(
        words(
            """
            mention state identify explain describe discuss provide note specify address recognize clarify acknowledge
            consider suggest recommend claim imply list give conclude conclusion response answer explanation solution
            question option choice correct incorrect wrong right final statement detail information context reason
            reasoning potential possible likely most typical specific particular relevant unrelated irrelevant proper
            appropriate clear unclear clearly necessary unnecessary important importance significance significant
            essential key critical role need various different difference certain general common primary main
            factor factors aspect thing concept point fact case example evidence diagnosis diagnose diagnostic condition
            patient cause treatment symptom symptoms finding result underlying associated related presented given
            described present based using used use user reader topic term terms approach method process include includes
            including highlight emphasize indicate misleading confusion confuse misidentification alternative
            """
        ).map(stem)
    )

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}
