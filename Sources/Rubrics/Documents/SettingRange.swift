// SPDX-License-Identifier: Apache-2.0

/// The ranges that numbers of recipes and settings may have, with the words for an error.
package enum SettingRange {
    package static let positive = (range: Double.leastNonzeroMagnitude..., text: "a number above 0")
    package static let notNegative = (range: 0.0..., text: "a number not below 0")
    package static let positiveShare = (range: Double.leastNonzeroMagnitude...1, text: "a number above 0, at most 1")
    package static let share = (range: 0.0...1.0, text: "a number from 0 to 1")
    package static let decay = (range: 0.0..<1.0, text: "a number from 0 to below 1")
    package static let seconds = (range: 0.001...31_536_000, text: "a number of seconds from 0.001 to 31,536,000")
    package static let count = (range: 1...1 << 20, text: "a whole number from 1 to 1,048,576")
    package static let countOrZero = (range: 0...1 << 20, text: "a whole number from 0 to 1,048,576")
    package static let refills = (range: 0...100, text: "a whole number from 0 to 100")
    package static let staleness = (range: 0...1, text: "0 or 1")
    package static let group = (range: 2...65_536, text: "a whole number from 2 to 65,536: a group is compared")
    package static let anyCount = (range: 1...Int.max, text: "a whole number from 1")
}

extension KeyedDecodingContainer {
    /// The value at `key`, or `fallback` where there is none.
    package func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }

    /// The value at `key`, or `fallback`; a value out of range is an error that says what was expected.
    package func value<Value: Decodable & Comparable>(
        _ key: Key,
        or fallback: Value,
        in allowed: (range: some RangeExpression<Value>, text: String)
    ) throws -> Value {
        try check(value(key, or: fallback), at: key, in: allowed)
    }

    /// The value at `key`, or `nil`; a value out of range is an error that says what was expected.
    package func value<Value: Decodable & Comparable>(
        _ key: Key,
        in allowed: (range: some RangeExpression<Value>, text: String)
    ) throws -> Value? {
        try decodeIfPresent(Value.self, forKey: key).map { try check($0, at: key, in: allowed) }
    }

    private func check<Value: Comparable>(
        _ value: Value,
        at key: Key,
        in allowed: (range: some RangeExpression<Value>, text: String)
    ) throws -> Value {
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
