// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Random values for property tests: a stream that follows from its seed.
struct RandomJSON {
    var generator: SplitMix64

    init(seed: Int) {
        generator = SplitMix64(seed: UInt64(seed))
    }

    /// A value that nests at most `depth` levels.
    mutating func value(depth: Int = 4) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int(truncatingIfNeeded: generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
        case 3: .number(number())
        case 4, 5: .string(text())
        case 6: .array(elements(depth: depth))
        default: .object(JSONObject(elements(depth: depth).map { (key: text(), value: $0) }))
        }
    }

    /// A text of up to 12 scalars, many of them ones that parsers get wrong.
    mutating func text() -> String {
        let nasty: [Unicode.Scalar] = [
            "\"", "\\", "/", "\n", "\r", "\t", "\0", "\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}", "\u{338}", "\u{120}",
            "G", "\u{307}", "\u{FEFF}", "\u{FFFF}", "\u{10FFFF}", "\u{1F600}", "\u{200D}", " ", "é", "漢", "{", ",",
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            scalars.append(nasty.randomElement(using: &generator) ?? "a")
        }
        return String(scalars)
    }

    /// Any finite double, small ones and extreme ones alike.
    mutating func number() -> Double {
        while true {
            let number =
                Bool.random(using: &generator)
                ? Double(bitPattern: generator.next()) : Double.random(in: -1000...1000, using: &generator)
            if number.isFinite { return number }
        }
    }

    private mutating func elements(depth: Int) -> [JSONValue] {
        let most = generator.next() % 16 == 0 ? 40 : 4
        return (0..<Int.random(in: 0...most, using: &generator)).map { _ in value(depth: depth - 1) }
    }
}
