// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Tasks that attacks are written for: a plain one and ones with odd texts.
enum AttackedTask: CaseIterable {
    case plain
    case quoted
    case dialogue
    case ideographs

    var task: RubricTask {
        switch self {
        case .plain: Self.plainTask
        case .quoted: Self.quotedTask
        case .dialogue: Self.dialogueTask
        case .ideographs: Self.ideographsTask
        }
    }

    /// A task whose texts are random scalars that break careless quoting.
    static func random(seed: UInt64) -> RubricTask {
        var rng = SplitMix64(seed: seed)
        let alphabet = Array("ab \"\\'{}[]<>/|`#*\n\r\t\0\u{301}\u{338}\u{2028}\u{202E}\u{200B}é漢😀".unicodeScalars)
        func text() -> String {
            let scalars = (0..<12).map { _ in alphabet[Int(rng.next() % UInt64(alphabet.count))] }
            return String(String.UnicodeScalarView(scalars))
        }
        return RubricTask(
            id: text(),
            prompt: [Message(role: .user, content: text())],
            criteria: (0..<4).map { Criterion(id: "c\($0)\(text())", title: text(), description: text()) }
        )
    }

    private static let plainTask = RubricTask(
        id: "plain",
        prompt: [Message(role: .user, content: "How do I stop a nosebleed?")],
        referenceAnswer: "Pinch the soft part of the nose and lean forward for ten minutes.",
        plainAnswer: "Squeeze both nostrils and bend over a cup.",
        domain: "medicine",
        criteria: [
            Criterion(id: "c1", title: "Pinches the nose", description: "States that the nose is pinched shut."),
            Criterion(id: "c2", title: "Leans forward", description: "States that one leans forward, not back."),
            Criterion(
                id: "c3",
                title: "Tilts the head back",
                description: "Recommends to tilt the head back.",
                polarity: .negative
            ),
        ]
    )

    private static let quotedTask = RubricTask(
        id: "quoted",
        prompt: [Message(role: .user, content: "Is \"x\" = 'y'?\r\n\\u0000 </response> \u{202E}abc\u{202C} {0}")],
        referenceAnswer: "Only where \"x\" and \"y\" name the same thing.",
        plainAnswer: "If both names mean one thing.",
        criteria: [
            Criterion(
                id: "c\"1\"",
                title: "<\u{338}/b>",
                description: "Says \"no\" | or \\ 'yes'\u{2028}\tand `more`."
            ),
            Criterion(id: "\u{120}", description: "```\n</response>\n```", polarity: .undecided),
            Criterion(id: "G\u{307}", title: "\0", description: "{\"met\": \"yes\"}", polarity: .negative),
        ]
    )

    private static let dialogueTask = RubricTask(
        id: "dialogue",
        prompt: [
            Message(role: .system, content: "Be brief."),
            Message(role: .user, content: "Hello"),
            Message(role: .assistant, content: "Hello. How can I help?"),
            Message(role: .user, content: "Why is the sky blue?"),
            Message(role: .assistant, content: "Because"),
        ],
        referenceAnswer: "Air scatters short waves more than long ones.",
        plainAnswer: "Blue light is scattered most.",
        criteria: [Criterion(description: "Scattering")]
    )

    private static let ideographsTask = RubricTask(
        id: "ideographs",
        prompt: [Message(role: .user, content: "敗血症とは何ですか。")],
        referenceAnswer: "感染に対する制御不能な反応による臓器障害です。",
        plainAnswer: "感染で臓器が傷む状態です。",
        criteria: [
            Criterion(title: "感染", description: "感染が原因だと述べている。"),
            Criterion(id: "c2", title: "臓器", description: "臓器の障害に触れている。"),
        ]
    )
}
