// SPDX-License-Identifier: Apache-2.0

/// Writes values as TOML 1.0, with keys in their order.
struct TOMLWriter {
    private var text = ""

    /// A mapping as a TOML document; members that are null are left out.
    ///
    /// - Precondition: Numbers are finite, and lists hold no null.
    static func text(of object: JSONObject) -> String {
        var writer = TOMLWriter()
        writer.write(object, path: [])
        return writer.text
    }

    /// Whether a byte may stand in a key without quotes.
    static func isBareKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Plain members stand before tables, which would take them in otherwise.
    private mutating func write(_ object: JSONObject, path: [String]) {
        for (key, value) in object.members where value != .null && !Self.isTable(value) {
            text += "\(Self.key(key)) = \(Self.inline(value))\n"
        }
        for (key, value) in object.members where Self.isTable(value) {
            let path = path + [Self.key(key)]
            for table in value.array ?? [value] {
                guard let table = table.object else { continue }
                if !text.isEmpty { text += "\n" }
                let name = path.joined(separator: ".")
                text += value.array == nil ? "[\(name)]\n" : "[[\(name)]]\n"
                write(table, path: path)
            }
        }
    }

    private static func isTable(_ value: JSONValue) -> Bool {
        switch value {
        case .object: true
        case .array(let elements): !elements.isEmpty && elements.allSatisfy { $0.object != nil }
        default: false
        }
    }

    private static func key(_ key: String) -> String {
        !key.isEmpty && key.utf8.allSatisfy(isBareKeyByte) ? key : quoted(key)
    }

    private static func inline(_ value: JSONValue) -> String {
        switch value {
        case .null: "\"\""
        case .bool(let bool): bool ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): number.description
        case .string(let text): quoted(text)
        case .array(let elements): "[\(elements.map(inline).joined(separator: ", "))]"
        case .object(let object):
            "{\(object.members.map { "\(key($0.key)) = \(inline($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// A basic string. JSON's escapes are TOML's too.
    private static func quoted(_ text: String) -> String {
        JSONValue.string(text).serialized()
    }
}
