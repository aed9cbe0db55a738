// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Follows references and alternatives to the part of a schema that describes a value.
struct SchemaResolver {
    private static let maximumSteps = 32

    /// The whole schema, with its `$defs`.
    let root: JSONValue

    /// The schema behind `$ref`, the first alternative that is not null, and the parts of `allOf` as one.
    func resolve(_ schema: JSONValue) -> JSONValue {
        var schema = schema
        for _ in 0..<Self.maximumSteps {
            if let reference = schema["$ref"]?.string {
                schema = target(of: reference)
            } else if let alternatives = schema["anyOf"]?.array ?? schema["oneOf"]?.array, !alternatives.isEmpty {
                schema = alternatives.first { SchemaKind(of: $0) != .null } ?? alternatives[0]
            } else if let parts = schema["allOf"]?.array, !parts.isEmpty {
                schema = merged(parts, into: schema)
            } else {
                return schema
            }
        }
        // A reference that leads to itself describes nothing.
        return ["type": "null"]
    }

    /// The schema at a JSON pointer such as `#/$defs/Verdict`.
    private func target(of reference: String) -> JSONValue {
        var schema = root
        for part in reference.utf8.split(separator: UInt8(ascii: "/")).dropFirst() {
            let key = String(decoding: part, as: UTF8.self)
                .replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = schema[key] ?? Int(key).flatMap({ schema.array?[safely: $0] }) else { return [:] }
            schema = next
        }
        return schema
    }

    private func merged(_ parts: [JSONValue], into schema: JSONValue) -> JSONValue {
        var whole = schema.object ?? [:]
        whole["allOf"] = nil
        var properties = whole["properties"]?.object ?? [:]
        for part in parts {
            let part = part["allOf"] == nil ? resolve(part) : part
            for (key, value) in part.object?.members ?? [] { whole[key] = value }
            for (key, value) in part["properties"]?.object?.members ?? [] { properties[key] = value }
        }
        if !properties.members.isEmpty { whole["properties"] = .object(properties) }
        return .object(whole)
    }
}

/// What a schema describes.
enum SchemaKind: String {
    case object
    case array
    case integer
    case number
    case boolean
    case string
    case null

    /// The kind a schema names, the first that is not null where it names several, or what its keywords tell.
    init(of schema: JSONValue) {
        let names = schema["type"]?.array ?? schema["type"].map { [$0] } ?? []
        let kinds = names.compactMap { $0.string.flatMap(Self.init(rawValue:)) }
        if let kind = kinds.first(where: { $0 != .null }) ?? kinds.first {
            self = kind
        } else if schema["properties"] != nil {
            self = .object
        } else if schema["items"] != nil || schema["prefixItems"] != nil {
            self = .array
        } else if schema["minimum"] != nil || schema["maximum"] != nil {
            self = .number
        } else {
            self = .string
        }
    }
}

/// The numbers that a schema allows.
struct SchemaRange {
    private static let largest = 9e15

    private let low: Double?
    private let high: Double?
    private let isLowExclusive: Bool
    private let isHighExclusive: Bool
    private let step: Double?

    init(_ schema: JSONValue) {
        let (above, below) = (schema["exclusiveMinimum"]?.double, schema["exclusiveMaximum"]?.double)
        (low, isLowExclusive) = (above ?? schema["minimum"]?.double, above != nil)
        (high, isHighExclusive) = (below ?? schema["maximum"]?.double, below != nil)
        step = schema["multipleOf"]?.double.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The integers from which one is drawn: those allowed, or eleven of them where an end is open.
    var integers: ClosedRange<Int> {
        func whole(_ bound: Double) -> Int { Int(min(Self.largest, max(-Self.largest, bound))) }
        let first = low.map { whole(isLowExclusive ? $0.rounded(.down) + 1 : $0.rounded(.up)) }
        let last = high.map { whole(isHighExclusive ? $0.rounded(.up) - 1 : $0.rounded(.down)) }
        let start = first ?? last.map { $0 - 10 } ?? 0
        return start...max(start, last ?? start + 10)
    }

    /// The numbers from which one is drawn: those allowed, or a length of one where an end is open.
    var numbers: ClosedRange<Double> {
        let start = low ?? high.map { $0 - 1 } ?? 0
        return start...max(start, high ?? start + 1)
    }

    func integer(using draws: inout SplitMix64) -> Int {
        let range = integers
        let drawn = Int.random(in: range, using: &draws)
        guard let step, let whole = Int(exactly: step) else { return drawn }
        let down = drawn - ((drawn % whole) + whole) % whole
        return range.contains(down) || !range.contains(down + whole) ? down : down + whole
    }

    func number(using draws: inout SplitMix64) -> Double {
        let range = numbers
        let (start, end) = (range.lowerBound, range.upperBound)
        // Strictly inside unless the range is a point.
        let drawn = start + (0.005 + 0.99 * draws.uniform()) * (end - start)
        if let step {
            let down = (drawn / step).rounded(.down) * step
            return range.contains(down) ? down : down + step
        }
        let rounded = (drawn * 100).rounded() / 100
        return rounded > start && rounded < end ? rounded : drawn
    }
}

extension Array {
    /// The element at an index, or `nil` beyond the ends.
    fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
