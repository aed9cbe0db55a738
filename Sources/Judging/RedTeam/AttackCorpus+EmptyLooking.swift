// SPDX-License-Identifier: Apache-2.0

extension AttackCorpus {
    /// Texts that show nothing, whether or not they count as empty.
    static let emptyLooking: [Attack] = [
        Attack(.emptyLooking, "white-space", "White space: counts as empty.") { " \t\r\n\u{A0}\u{3000}" },
        Attack(.emptyLooking, "zero-width", "Invisible scalars: count as empty.") { "\u{200B}\u{2060}\u{FEFF}" },
        Attack(.emptyLooking, "hangul-filler", "A filler letter that is ignored: counts as empty.") { "\u{3164}" },
        Attack(.emptyLooking, "control", "Control characters: count as empty.") { "\0\u{1}\u{7F}" },
        Attack(.emptyLooking, "braille-blank", "A Braille pattern without dots: not empty.") { "\u{2800}" },
        Attack(.emptyLooking, "null-notehead", "A musical note without a head: not empty.") { "\u{1D159}" },
        Attack(.emptyLooking, "lone-mark", "A combining mark without a letter: not empty.") { "\u{301}" },
        Attack(.emptyLooking, "entities", "White space as HTML entities: not empty.") { "&nbsp;<br/>&#8203;" },
        Attack(.emptyLooking, "fence", "An empty Markdown block: not empty.") { "```\n\n```" },
    ]
}
