// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Whether texts came through their conversions whole.
enum EncodingRules: RowRules {
    static let rules: Set<LintRule> = [
        .replacementCharacter, .mojibake, .lostEscape, .doubledBackslash, .controlCharacter, .surroundingSpace,
    ]

    static func findings(in row: LintedRow) -> [LintFinding] {
        var findings: [LintFinding] = []
        for (index, message) in row.prompt.enumerated() {
            findings += damage(of: message, .prompt(message: index), nil, row)
        }
        if let reference = row.reference { findings += damage(of: reference, .referenceAnswer, nil, row) }
        for criterion in row.criteria {
            findings += damage(of: criterion.title, .title(criterion.path), criterion, row)
            findings += damage(of: criterion.description, .description(criterion.path), criterion, row)
            findings += space(around: criterion.title, .title(criterion.path), criterion, row)
            findings += space(around: criterion.description, .description(criterion.path), criterion, row)
        }
        return findings
    }

    private static func damage(
        of text: LintText,
        _ field: LintField,
        _ criterion: LintedCriterion?,
        _ row: LintedRow
    ) -> [LintFinding] {
        guard text.isForeign || text.hasBackslash || text.hasControl else { return [] }
        let place = field.name
        var findings: [LintFinding] = []
        func repair(_ repair: TextRepair, _ rule: LintRule, _ message: (String, String) -> String) {
            guard let change = repair.firstChange(in: text.text) else { return }
            findings.append(
                row.finding(
                    rule,
                    criterion,
                    message(change.before, change.after),
                    suggestion: "write \(change.after)",
                    fix: .repair(repair, field)
                )
            )
        }
        if text.isForeign {
            repair(.mojibake, .mojibake) { "\(place) holds \($0), which is \($1) in a wrong encoding" }
        }
        if text.hasControl {
            repair(.lostEscapes, .lostEscape) { "\(place) holds \($0), which was \($1) once" }
        }
        if text.hasBackslash {
            repair(.doubledBackslashes, .doubledBackslash) { before, _ in "\(place) holds \(before)" }
        }
        return findings + lost(in: text, place, criterion, row)
    }

    /// Characters that no repair brings back.
    private static func lost(
        in text: LintText,
        _ place: String,
        _ criterion: LintedCriterion?,
        _ row: LintedRow
    ) -> [LintFinding] {
        guard text.isForeign || text.hasControl else { return [] }
        var findings: [LintFinding] = []
        if text.isForeign, text.text.unicodeScalars.contains("\u{FFFD}") {
            findings.append(
                row.finding(
                    .replacementCharacter,
                    criterion,
                    "\(place) holds U+FFFD, which stands for something lost",
                    suggestion: "take the text from its source again"
                )
            )
        }
        if let hidden = TextRepair.lostEscapes.repaired(text.text).unicodeScalars.first(where: \.isHidden) {
            let code = String(hidden.value, radix: 16, uppercase: true)
            findings.append(
                row.finding(
                    .controlCharacter,
                    criterion,
                    "\(place) holds U+\(String(repeating: "0", count: max(0, 4 - code.utf8.count)))\(code)",
                    suggestion: "take it out"
                )
            )
        }
        return findings
    }

    private static func space(
        around text: LintText,
        _ field: LintField,
        _ criterion: LintedCriterion,
        _ row: LintedRow
    ) -> [LintFinding] {
        guard text.text.unicodeScalars.first?.isSpace == true || text.text.unicodeScalars.last?.isSpace == true
        else { return [] }
        return [
            row.finding(
                .surroundingSpace,
                criterion,
                "white space around \(field.name)",
                suggestion: "take it out",
                fix: .repair(.surroundingSpace, field)
            )
        ]
    }
}

extension LintField {
    /// What messages call the text.
    fileprivate var name: String {
        switch self {
        case .prompt: "the prompt"
        case .referenceAnswer: "the reference answer"
        case .title: "the title"
        case .description: "the description"
        }
    }
}

extension Unicode.Scalar {
    /// Whether nobody sees it where it stands: control characters but line breaks, overrides of the writing direction,
    /// spaces without width.
    fileprivate var isHidden: Bool {
        switch self {
        case "\n", "\r", "\u{2028}", "\u{2029}": false
        case "\u{200B}", "\u{2060}", "\u{FEFF}": true
        default: isControl
        }
    }
}
