// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension TextRepair {
    /// The text without the damage; the same text where there is none.
    func repaired(_ text: String) -> String {
        switch self {
        case .mojibake: Mojibake.decoded(text)
        case .lostEscapes: LostEscapes.restored(text)
        case .doubledBackslashes: DoubledBackslashes.halved(text)
        case .surroundingSpace: Self.trimmed(text)
        }
    }

    /// The first place that a repair changes, for people, before and after, with what stands around it; `nil` where the
    /// text is whole.
    func firstChange(in text: String) -> (before: String, after: String)? {
        let repaired = repaired(text)
        guard !repaired.isExactly(text) else { return nil }
        let (old, new) = (Array(text.unicodeScalars), Array(repaired.unicodeScalars))
        let start = zip(old, new).prefix { $0 == $1 }.count
        func excerpt(_ scalars: [Unicode.Scalar]) -> String {
            let part = String(String.UnicodeScalarView(scalars[max(0, start - 3)..<min(scalars.count, start + 9)]))
            return JSONValue.string(part).serialized()
        }
        return (excerpt(old), excerpt(new))
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.drop(while: \.isSpace)
        return String(String.UnicodeScalarView(start.reversed().drop(while: \.isSpace).reversed()))
    }
}

/// UTF-8 that was read as Latin-1 or Windows-1252: "Ã©" for "é".
private enum Mojibake {
    /// What Windows-1252 has at 0x80 to 0x9F; where it has nothing, the control character of Latin-1.
    private static let windows: [UInt32: UInt8] = [
        0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x02C6: 0x88,
        0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93,
        0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
        0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
    ]

    /// Decodes until nothing is left to decode: texts may have been spoilt more than once.
    static func decoded(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { length(from: $0) != nil }) else { return text }
        var text = text
        for _ in 0..<4 {
            let once = decodedOnce(text)
            if once.isExactly(text) { break }
            text = once
        }
        return text
    }

    private static func decodedOnce(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let length = length(from: scalars[index]), index + length <= scalars.count,
                let scalar = scalar(of: scalars[index..<(index + length)])
            {
                result.append(scalar)
                index += length
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    /// How many bytes start with this one, for the leads that texts hardly hold by themselves.
    private static func length(from scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0xC2, 0xC3, 0xCE, 0xCF: 2
        case 0xE2: 3
        case 0xF0: 4
        default: nil
        }
    }

    private static func scalar(of scalars: ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        let bytes = scalars.compactMap { scalar in
            (0x80...0xFF).contains(scalar.value) ? UInt8(scalar.value) : windows[scalar.value]
        }
        // "Ã»" may end a quotation.
        guard bytes.count == scalars.count, bytes.count > 2 || bytes.last != 0xBB else { return nil }
        let decoded = String(validating: bytes, as: UTF8.self)?.unicodeScalars
        return decoded?.count == 1 ? decoded?.first : nil
    }
}

/// LaTeX commands whose backslash was read as the start of an escape: `\nu` as a line break and "u".
private enum LostEscapes {
    /// What stands behind each character that an escape makes, where it can only be the rest of a command.
    private static let rests: [UInt8: (letter: Character, rests: [String])] = [
        0x07: ("a", ["lpha", "pprox", "ngle", "st", "rc"]),
        0x08: ("b", ["eta", "ar{", "oxed{", "egin{", "oldsymbol", "inom", "ullet", "ig"]),
        0x09: ("t", ["heta", "imes", "ext{", "extbf{", "ilde{", "riangle", "frac{", "herefore"]),
        0x0B: ("v", ["ec{", "ec ", "arepsilon", "arphi", "ert"]),
        0x0C: ("f", ["rac{", "rac1", "rac ", "orall"]),
        0x0D: ("r", ["ho", "ight", "angle", "m{", "ceil", "floor"]),
        0x0A: ("n", ["abla"]),
    ]
    /// What can be the rest of a command where a formula stands.
    private static let restsInFormula: [UInt8: [String]] = [0x0A: ["u", "eq", "otin", "eg"], 0x09: ["au", "an", "o"]]

    static func restored(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var isFormula = false
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "$"), index == 0 || bytes[index - 1] != UInt8(ascii: "\\") { isFormula.toggle() }
            if let letter = letter(for: byte, before: bytes[(index + 1)...], isFormula) {
                result += [UInt8(ascii: "\\"), letter]
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func letter(for byte: UInt8, before rest: ArraySlice<UInt8>, _ isFormula: Bool) -> UInt8? {
        guard byte < 0x20, let (letter, rests) = rests[byte] else { return nil }
        let isCertain = rests.contains { rest.starts(with: $0.utf8) }
        let isLikely =
            isFormula
            && (restsInFormula[byte] ?? []).contains { word in
                rest.starts(with: word.utf8) && !(rest.dropFirst(word.utf8.count).first?.isLetter ?? false)
            }
        return isCertain || isLikely ? letter.asciiValue : nil
    }
}

/// LaTeX commands behind two backslashes, of which the second is an escape too many.
private enum DoubledBackslashes {
    private static let commands = Set(
        """
        frac sqrt text mathrm mathbf mathcal mathbb boxed left right cdot times langle rangle psi phi alpha beta gamma
        delta theta lambda sigma omega hbar partial nabla infty int sum prod lim sin cos tan log exp vec hat bar tilde
        overline begin end quad approx leq geq neq equiv sim propto rightarrow circ epsilon varepsilon varphi Delta
        Omega Gamma Psi Phi Lambda Sigma dagger otimes oplus rho tau ldots cdots
        """.split { $0 == " " || $0 == "\n" }.map { ExactText(String($0)) }
    )

    static func halved(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let backslash = UInt8(ascii: "\\")
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { $0 != backslash } ?? bytes.count
            guard end > index else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let name = bytes[end...].prefix { $0.isLetter }
            let isDoubled = end - index == 2 && commands.contains(ExactText(String(decoding: name, as: UTF8.self)))
            result += bytes[index..<(isDoubled ? end - 1 : end)]
            index = end
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether it is a letter of ASCII.
    fileprivate var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
