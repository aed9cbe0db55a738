// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// A value that a JSON schema allows, drawn from a seed.
///
/// Each part is drawn from the seed and its own path, so that it does not depend on its neighbors. Patterns and formats
/// of texts are not followed.
package struct SchemaInstance: Sendable {
    /// How decisions (members of a menu, numbers, truth values) leave the schema.
    package enum Deviation: Sendable {
        /// Not at all.
        case none
        /// By a value outside of the menu or the range.
        case offMenu
        /// By NaN.
        case notANumber
    }

    /// The value.
    package let value: JSONValue
    /// The menu from which each scalar of ``value`` was chosen, in document order; `nil` for one without a menu.
    package let menus: [[JSONValue]?]

    /// Draws a value.
    ///
    /// - Parameters:
    ///   - schema: The schema, with its `$defs`.
    ///   - seed: What the value is drawn from.
    ///   - deviation: How to leave the schema.
    package init(of schema: JSONValue, seed: UInt64, deviation: Deviation = .none) {
        var builder = InstanceBuilder(resolver: SchemaResolver(root: schema), deviation: deviation)
        value = builder.value(of: schema, at: SchemaPlace(seed: seed))
        menus = builder.menus
    }
}

/// A place in the value: its own seed, its name, and how deep it is.
private struct SchemaPlace {
    var seed: UInt64
    var name = ""
    var depth = 0

    func child(_ name: String) -> Self {
        var hash = StableHash()
        hash.combine(seed)
        hash.combine(name)
        return Self(seed: hash.value, name: name, depth: depth + 1)
    }

    var draws: SplitMix64 { SplitMix64(seed: seed, path: 0x5EED) }
}

private struct InstanceBuilder {
    /// Schemas may contain themselves: deeper values are null, and so is what comes after this many.
    private static let maximumDepth = 24
    private static let maximumParts = 10_000

    let resolver: SchemaResolver
    let deviation: SchemaInstance.Deviation
    var menus: [[JSONValue]?] = []
    private var parts = 0

    init(resolver: SchemaResolver, deviation: SchemaInstance.Deviation) {
        self.resolver = resolver
        self.deviation = deviation
    }

    mutating func value(of schema: JSONValue, at place: SchemaPlace) -> JSONValue {
        parts += 1
        guard place.depth <= Self.maximumDepth, parts <= Self.maximumParts else { return leaf(.null) }
        let schema = resolver.resolve(schema)
        if let constant = schema["const"] { return leaf(constant, menu: [constant]) }
        if let menu = schema["enum"]?.array, !menu.isEmpty { return choice(from: menu, at: place) }
        return switch SchemaKind(of: schema) {
        case .object: object(schema, at: place)
        case .array: array(schema, at: place)
        case .integer: integer(SchemaRange(schema), at: place)
        case .number: number(SchemaRange(schema), at: place)
        case .boolean: boolean(at: place)
        case .string: leaf(.string(Self.text(schema, at: place)))
        case .null: leaf(.null)
        }
    }

    private mutating func leaf(_ value: JSONValue, menu: [JSONValue]? = nil) -> JSONValue {
        let count = value.scalarCount
        menus.append(contentsOf: count == 1 ? [menu] : Array(repeating: nil, count: count))
        return value
    }

    // MARK: Decisions

    private mutating func choice(from menu: [JSONValue], at place: SchemaPlace) -> JSONValue {
        var draws = place.draws
        switch deviation {
        case .none: return leaf(menu[Int(draws.next() % UInt64(menu.count))], menu: menu)
        case .offMenu: return leaf(Self.outside(menu))
        case .notANumber: return leaf(.number(.nan))
        }
    }

    /// A value like those of a menu that is none of them.
    private static func outside(_ menu: [JSONValue]) -> JSONValue {
        if let largest = menu.compactMap(\.int).max(), largest < Int.max { return .integer(largest + 1) }
        var word = "maybe"
        while menu.contains(.string(word)) { word += "?" }
        return .string(word)
    }

    private mutating func integer(_ range: SchemaRange, at place: SchemaPlace) -> JSONValue {
        var draws = place.draws
        switch deviation {
        case .none: return leaf(.integer(range.integer(using: &draws)))
        case .offMenu: return leaf(.integer(range.integers.upperBound + 1))
        case .notANumber: return leaf(.number(.nan))
        }
    }

    private mutating func number(_ range: SchemaRange, at place: SchemaPlace) -> JSONValue {
        var draws = place.draws
        switch deviation {
        case .none: return leaf(.number(range.number(using: &draws)))
        case .offMenu: return leaf(.number(range.numbers.upperBound + 1))
        case .notANumber: return leaf(.number(.nan))
        }
    }

    private mutating func boolean(at place: SchemaPlace) -> JSONValue {
        var draws = place.draws
        switch deviation {
        case .none: return leaf(.bool(draws.next() & 1 == 1), menu: [true, false])
        case .offMenu: return leaf("maybe")
        case .notANumber: return leaf(.number(.nan))
        }
    }

    // MARK: Containers and texts

    private mutating func object(_ schema: JSONValue, at place: SchemaPlace) -> JSONValue {
        var object = JSONObject()
        for (key, property) in schema["properties"]?.object?.members ?? [] {
            object[key] = value(of: property, at: place.child(key))
        }
        return .object(object)
    }

    private mutating func array(_ schema: JSONValue, at place: SchemaPlace) -> JSONValue {
        let items = resolver.resolve(schema["items"] ?? [:])
        let limit = schema["maxItems"]?.int ?? Int.max
        if let menu = items["enum"]?.array,
            schema["uniqueItems"]?.bool == true || place.name.isExactly("ranking")
        {
            return ranking(of: menu, limit: limit, at: place)
        }
        let prefix = schema["prefixItems"]?.array ?? []
        let minimum = max(0, schema["minItems"]?.int ?? max(1, prefix.count))
        let count = min(minimum, max(0, limit), Self.maximumParts)
        var elements: [JSONValue] = []
        for index in 0..<count where parts < Self.maximumParts {
            elements.append(value(of: index < prefix.count ? prefix[index] : items, at: place.child("\(index)")))
        }
        return .array(elements)
    }

    /// A permutation of a menu.
    private mutating func ranking(of menu: [JSONValue], limit: Int, at place: SchemaPlace) -> JSONValue {
        var draws = place.draws
        var order = Array(menu.shuffled(using: &draws).prefix(max(0, limit)))
        if deviation == .offMenu, !order.isEmpty { order[0] = Self.outside(menu) }
        if deviation == .notANumber, !order.isEmpty { order[0] = .number(.nan) }
        for element in order { _ = leaf(element, menu: deviation == .none ? menu : nil) }
        return .array(order)
    }

    private static func text(_ schema: JSONValue, at place: SchemaPlace) -> String {
        let texts = [
            "because the response says so", "because the response does not say so", "because it is stated in full",
            "because only a part of it is there", "because nothing supports it",
        ]
        var draws = place.draws
        var text = texts[Int(draws.next() % UInt64(texts.count))]
        let minimum = min(schema["minLength"]?.int ?? 0, 100_000)
        while text.utf8.count < minimum { text += " and so on" }
        guard let maximum = schema["maxLength"]?.int else { return text }
        return String(decoding: text.utf8.prefix(max(0, maximum)), as: UTF8.self)
    }
}

extension JSONValue {
    /// How many values that are neither list nor object this holds.
    fileprivate var scalarCount: Int {
        switch self {
        case .array(let elements): elements.reduce(0) { $0 + $1.scalarCount }
        case .object(let object): object.members.reduce(0) { $0 + $1.value.scalarCount }
        default: 1
        }
    }
}
