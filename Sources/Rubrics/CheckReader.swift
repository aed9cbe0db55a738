// SPDX-License-Identifier: Apache-2.0

/// Reads a check: a mapping with the check's name as its one key.
struct CheckReader {
    /// The names of checks, in the order in which documents list them.
    enum Name: String, CaseIterable {
        case anyOf = "any_of"
        case allOf = "all_of"
        case noneOf = "none_of"
        case regex
        case number
        case finalAnswer = "final_answer"
        case choice
        case words
        case sentence
        case repetition
        case json
        case and
        case or
        case not
    }

    static let sentenceWords = 4...25

    private let place: DocumentCursor

    init(_ place: DocumentCursor) {
        self.place = place
    }

    func check() throws -> Check {
        try place.requireKeys(Name.allCases.map(\.rawValue))
        guard let object = place.value.object, object.members.count == 1, let member = object.members.first,
            let name = Name(rawValue: member.key)
        else {
            throw place.error(
                "a check has one key, its name",
                remedy: "join several checks with \"and\" or \"or\""
            )
        }
        return try check(name, at: place.raw(member.key))
    }

    private func check(_ name: Name, at value: DocumentCursor) throws -> Check {
        switch name {
        case .anyOf: return .anyOf(try value.terms())
        case .allOf: return .allOf(try value.terms())
        case .noneOf: return .noneOf(try value.terms())
        case .regex: return .regex(try pattern(at: value))
        case .number: return try number(at: value)
        case .finalAnswer: return .finalAnswer(try value.nonBlankText())
        case .choice: return .choice(try letter(at: value))
        case .words: return try words(at: value)
        case .sentence: return try sentence(at: value)
        case .repetition:
            try value.requireKeys(["max"])
            return .repetition(max: try value.required("max").share())
        case .json:
            guard try value.bool() else {
                throw value.error("\"json\" is false", remedy: "write {\"not\": {\"json\": true}}")
            }
            return .json
        case .and: return .and(try checks(at: value))
        case .or: return .or(try checks(at: value))
        case .not: return .not(try CheckReader(value).check())
        }
    }

    private func checks(at value: DocumentCursor) throws -> [Check] {
        try value.nonEmptyElements().map { try CheckReader($0).check() }
    }

    private func pattern(at value: DocumentCursor) throws -> String {
        let pattern = try value.nonBlankText()
        do {
            _ = try CompiledRegex(pattern)
        } catch let error as RegexError {
            throw value.error(
                "invalid regular expression at its character \(error.offset + 1): \(error.message)",
                remedy: "in JSON a backslash is written \\\\"
            )
        }
        return pattern
    }

    private func number(at value: DocumentCursor) throws -> Check {
        try value.requireKeys(["value", "tolerance", "unit"])
        let tolerance = try value.member("tolerance")?.number() ?? 0
        guard tolerance >= 0 else { throw value.raw("tolerance").error("\"tolerance\" is below zero") }
        return .number(
            value: try value.required("value").number(),
            tolerance: tolerance,
            unit: try value.member("unit")?.nonBlankText()
        )
    }

    private func letter(at value: DocumentCursor) throws -> String {
        let letter = try value.text()
        guard letter.utf8.count == 1, letter.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
            throw value.error("\(value.subject) is no letter", remedy: "write one letter, such as \"B\"")
        }
        return letter
    }

    private func words(at value: DocumentCursor) throws -> Check {
        try value.requireKeys(["min", "max"])
        let bounds = (min: try value.count("min"), max: try value.count("max"))
        guard bounds.min != nil || bounds.max != nil else {
            throw value.error("\(value.subject) has neither \"min\" nor \"max\"")
        }
        try value.requireOrder("min", bounds.min, "max", bounds.max)
        return .words(min: bounds.min, max: bounds.max)
    }

    private func sentence(at value: DocumentCursor) throws -> Check {
        try value.requireKeys(["all_of", "min_words", "max_words"])
        let minimum = try value.count("min_words")
        let maximum = try value.count("max_words")
        let bounds = (minimum ?? Self.sentenceWords.lowerBound, maximum ?? Self.sentenceWords.upperBound)
        try value.requireOrder("min_words", bounds.0, "max_words", bounds.1)
        return .sentence(
            allOf: try value.required("all_of").nonEmptyElements().map { try $0.terms() },
            minWords: bounds.0,
            maxWords: bounds.1
        )
    }
}

extension DocumentCursor {
    fileprivate func nonEmptyElements() throws -> [DocumentCursor] {
        let elements = try elements()
        guard !elements.isEmpty else { throw error("\(subject) is empty") }
        return elements
    }

    fileprivate func terms() throws -> [String] {
        try nonEmptyElements().map { try $0.nonBlankText() }
    }

    fileprivate func count(_ key: String) throws -> Int? {
        guard let member = member(key) else { return nil }
        let count = try member.integer()
        guard count >= 0 else { throw member.error("\(member.subject) is \(count), below zero") }
        return count
    }

    fileprivate func requireOrder(_ low: String, _ minimum: Int?, _ high: String, _ maximum: Int?) throws {
        guard let minimum, let maximum, minimum > maximum else { return }
        throw (member(low) ?? self).error("\"\(low)\" is \(minimum), above \"\(high)\", \(maximum)")
    }
}
