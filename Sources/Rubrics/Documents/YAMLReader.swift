// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// Turns YAML into values and places, by the core schema of YAML 1.2.
struct YAMLReader {
    let file: String

    func read(_ text: String) throws -> (JSONValue, PlaceTree) {
        do {
            // The basic resolver calls everything text: this reader resolves plain scalars itself.
            let parser = try Parser(yaml: text, resolver: .basic)
            // Nodes hold their anchors weakly, so the parser has to outlive the walk.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    throw DocumentError(file: file, message: "the document is empty")
                }
                return try convert(root, depth: 0)
            }
        } catch let error as YamlError {
            throw located(error)
        }
    }

    private func convert(_ node: Node, depth: Int) throws -> (JSONValue, PlaceTree) {
        let place = node.place
        guard node.anchor == nil else {
            throw error(at: place, "anchors and aliases are not supported", remedy: "write the value out at each place")
        }
        guard depth <= JSONParser.maximumDepth else {
            throw error(at: place, "lists and mappings nest deeper than \(JSONParser.maximumDepth) levels")
        }
        switch node {
        case .scalar(let scalar): return (try value(of: scalar, at: place), PlaceTree(place: place))
        case .sequence(let sequence):
            try requireTag(sequence.tag, among: [.implicit, .seq], at: place)
            let elements = try sequence.map { try convert($0, depth: depth + 1) }
            return (.array(elements.map(\.0)), PlaceTree(place: place, elements: elements.map(\.1)))
        case .mapping(let mapping):
            try requireTag(mapping.tag, among: [.implicit, .map], at: place)
            return try convert(mapping, at: place, depth: depth)
        case .alias: throw error(at: place, "aliases are not supported", remedy: "write the value out")
        }
    }

    private func convert(_ mapping: Node.Mapping, at place: TextPlace, depth: Int) throws -> (JSONValue, PlaceTree) {
        var object = JSONObject()
        var tree = PlaceTree(place: place)
        for (key, value) in mapping {
            guard let name = key.scalar, key.anchor == nil else {
                throw error(at: key.place, "a key that is not plain text", remedy: "write it as text without an anchor")
            }
            let (value, places) = try convert(value, depth: depth + 1)
            guard object.insert(key: name.string, value: value) else {
                throw error(at: key.place, "duplicate key \"\(name.string)\"", remedy: "keep one of them")
            }
            tree.members.append((ExactText(name.string), key.place, places))
        }
        return (.object(object), tree)
    }

    private func value(of scalar: Node.Scalar, at place: TextPlace) throws -> JSONValue {
        guard scalar.style == .plain else {
            try requireTag(scalar.tag, among: [.implicit, .str], at: place)
            return .string(scalar.string)
        }
        try requireTag(scalar.tag, among: [.implicit, .str], at: place)
        if scalar.tag == Tag(.str) { return .string(scalar.string) }
        guard let value = CoreSchema.value(of: scalar.string) else {
            throw error(at: place, "the number \(scalar.string) is not finite or too large")
        }
        return value
    }

    private func requireTag(_ tag: Tag, among names: [Tag.Name], at place: TextPlace) throws {
        guard names.contains(where: { Tag($0) == tag }) else {
            throw error(at: place, "the tag \(tag.description) is not supported", remedy: "leave it out")
        }
    }

    // MARK: - Errors

    private func error(at place: TextPlace, _ message: String, remedy: String? = nil) -> DocumentError {
        DocumentError(file: file, line: place.line, column: place.column, message: message, remedy: remedy)
    }

    private func located(_ error: YamlError) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return self.error(at: TextPlace(line: mark.line, column: mark.column), "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let place = TextPlace(line: context.mark.line, column: context.mark.column)
            return self.error(at: place, "duplicate key \"\(keys.first ?? "")\"", remedy: "keep one of them")
        case .reader(let problem, let offset, _, let text):
            return DocumentError(
                file: file,
                line: offset.map { text.prefix($0).utf8.count(where: { $0 == UInt8(ascii: "\n") }) + 1 },
                message: "not YAML: \(problem)"
            )
        default:
            return DocumentError(file: file, message: "not YAML: \(error)")
        }
    }
}

extension Node {
    fileprivate var place: TextPlace {
        TextPlace(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}

/// The core schema of YAML 1.2, section 10.3.
private enum CoreSchema {
    /// The value of a plain scalar; `nil` for a number that a finite double cannot hold.
    static func value(of text: String) -> JSONValue? {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
            return nil
        default: break
        }
        if let integer = prefixedInteger(text) { return .integer(integer) }
        guard isNumber(Array(text.utf8)) else { return .string(text) }
        if let integer = Int(text), integer != 0 || !text.hasPrefix("-") { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { return nil }
        return .number(number)
    }

    private static func prefixedInteger(_ text: String) -> Int? {
        let digits = text.dropFirst(2)
        guard digits.utf8.first.map({ $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }) == true else { return nil }
        return if text.hasPrefix("0x") {
            Int(digits, radix: 16)
        } else if text.hasPrefix("0o") {
            Int(digits, radix: 8)
        } else {
            nil
        }
    }

    /// Whether the bytes are `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        func take(_ accepted: String) -> Bool {
            guard let first = rest.first, accepted.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func digits() -> Int {
            var count = 0
            while take("0123456789") { count += 1 }
            return count
        }
        _ = take("+-")
        let whole = digits()
        let fraction = take(".") ? digits() : 0
        guard whole + fraction > 0 else { return false }
        if take("eE") {
            _ = take("+-")
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
