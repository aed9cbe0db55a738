// SPDX-License-Identifier: Apache-2.0

internal import Yams

extension JSONValue {
    /// The value as YAML that readers of 1.1 and of 1.2 read alike: texts stand in double quotes, keys in their order.
    ///
    /// - Returns: The text, with a line break at its end.
    /// - Throws: What Yams throws when it cannot write.
    package func yamlText() throws -> String {
        try Yams.serialize(node: yamlNode, width: -1, allowUnicode: true)
    }

    private var yamlNode: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let bool): Node(bool ? "true" : "false", Tag(.bool))
        case .integer(let integer): Node(String(integer), Tag(.int))
        case .number(let number): Node(number.yamlText, Tag(.float))
        case .string(let text): Node.scalar(Node.Scalar(text, Tag(.str), .doubleQuoted))
        case .array(let elements): Node(elements.map(\.yamlNode), Tag(.seq))
        case .object(let object):
            Node(object.members.map { (Self.yamlKey($0.key), $0.value.yamlNode) }, Tag(.map))
        }
    }

    private static func yamlKey(_ key: String) -> Node {
        let isPlain =
            !key.isEmpty && key.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        let isWord = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(key.lowercased())
        return .scalar(Node.Scalar(key, Tag(.str), isPlain && !isWord ? .plain : .doubleQuoted))
    }
}

extension Double {
    /// YAML 1.1 takes `1e-05` for a text and `1.0e-05` for a number.
    fileprivate var yamlText: String {
        let text = description
        guard let exponent = text.utf8.firstIndex(of: UInt8(ascii: "e")), !text[..<exponent].utf8.contains(0x2E) else {
            return text
        }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
