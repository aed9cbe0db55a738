// SPDX-License-Identifier: Apache-2.0

/// The ranges that a recipe's numbers may have, with the words for an error.
enum RecipeRange {
    static let positive = (range: Double.leastNonzeroMagnitude..., text: "a number above 0")
    static let notNegative = (range: 0.0..., text: "a number not below 0")
    static let positiveShare = (range: Double.leastNonzeroMagnitude...1, text: "a number above 0, at most 1")
    static let share = (range: 0.0...1.0, text: "a number from 0 to 1")
    static let decay = (range: 0.0..<1.0, text: "a number from 0 to below 1")
    static let count = (range: 1...1 << 20, text: "a whole number from 1 to 1,048,576")
    static let countOrZero = (range: 0...1 << 20, text: "a whole number from 0 to 1,048,576")
    static let refills = (range: 0...100, text: "a whole number from 0 to 100")
    static let staleness = (range: 0...1, text: "0 or 1")
    static let group = (range: 2...65_536, text: "a whole number from 2 to 65,536: a group is compared")
}

extension KeyedDecodingContainer {
    /// The value at `key`, or `fallback` where there is none.
    func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }

    /// The value at `key`, or `fallback`; a value out of range is an error that says what was expected.
    func value<Value: Decodable & Comparable>(
        _ key: Key,
        or fallback: Value,
        in allowed: (range: some RangeExpression<Value>, text: String)
    ) throws -> Value {
        let value = try value(key, or: fallback)
        guard allowed.range.contains(value) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\(key.stringValue) is \(value), expected \(allowed.text)"
            )
        }
        return value
    }
}
