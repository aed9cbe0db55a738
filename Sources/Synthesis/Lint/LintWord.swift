// SPDX-License-Identifier: Apache-2.0

/// A word of a text as the rules see it: hashes in place of texts, looked up in the vocabulary once.
struct LintWord: Sendable {
    /// What a word is known for.
    struct Classes: OptionSet, Sendable {
        let rawValue: UInt16

        /// Carries grammar rather than content.
        static let function = Self(rawValue: 1)
        /// Belongs to rubrics in general rather than to a question.
        static let generic = Self(rawValue: 2)
        /// Turns a statement into its opposite.
        static let negation = Self(rawValue: 4)
        /// Opens a statement about an answer: "states", "explains".
        static let action = Self(rawValue: 8)
        /// The same behind "must" or "should": "state", "explain".
        static let bareAction = Self(rawValue: 16)
        /// "must", "should" and their like.
        static let modal = Self(rawValue: 32)
        /// Leaves open how much or which.
        static let vague = Self(rawValue: 64)
        /// Starts one of the vocabulary's phrases.
        static let phraseStart = Self(rawValue: 128)
        /// Stands in a pair of opposites.
        static let opposite = Self(rawValue: 256)
        /// Shows that what is meant is spelt out: "such as", "including".
        static let specifying = Self(rawValue: 512)
        /// Opens a clause: "that", "how".
        static let clause = Self(rawValue: 2048)
        /// Makes a pitfall about something else than the fact it names: "unrelated", "irrelevant".
        static let aside = Self(rawValue: 4096)
        /// An abbreviation whose point ends no sentence.
        static let abbreviation = Self(rawValue: 1024)
    }

    /// Of the word in lower case.
    var hash: UInt64
    /// Of the word in lower case without its ending.
    var stem: UInt64
    /// Where it starts and ends in the text's bytes.
    var range: Range<Int>
    /// What it is known for.
    var classes: Classes
    /// Whether it starts with a digit or is the letter of an option, "(A)": another one makes another statement.
    var isExact: Bool
    /// Whether it starts with a capital letter of ASCII.
    var isCapitalized: Bool
    /// Whether it holds a byte beyond ASCII.
    var isForeign: Bool

    /// Whether it carries what a statement is about.
    var isContent: Bool {
        isExact
            || classes.isDisjoint(with: [.function, .generic, .negation, .modal])
                && (range.count > 2 || isCapitalized || isForeign)
    }
}

extension UInt64 {
    /// FNV-1a's start.
    static let wordHash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash with one byte more.
    func hashed(with byte: UInt8) -> UInt64 {
        (self ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// The hash with a word more.
    func hashed(withWord word: UInt64) -> UInt64 {
        let mixed = (self ^ word) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ (mixed >> 29)
    }
}
