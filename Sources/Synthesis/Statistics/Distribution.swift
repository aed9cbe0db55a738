// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// How often each whole number came up.
package struct Distribution: Sendable, Hashable {
    /// The number of times each value was counted.
    package private(set) var counts: [Int: Int] = [:]
    /// How many values were counted.
    package private(set) var count = 0
    private var sum = 0

    /// Makes a distribution of nothing.
    package init() {}

    /// Counts a value.
    package mutating func add(_ value: Int) {
        counts[value, default: 0] += 1
        count += 1
        sum += value
    }

    /// The mean; `nil` of nothing.
    package var mean: Double? {
        count == 0 ? nil : Double(sum) / Double(count)
    }

    /// The smallest and the largest value; `nil` of nothing.
    package var range: ClosedRange<Int>? {
        guard let low = counts.keys.min(), let high = counts.keys.max() else { return nil }
        return low...high
    }

    /// The smallest value that at least this share of all values does not exceed.
    ///
    /// - Parameter share: From 0 to 1; 0.5 gives the median.
    /// - Returns: The value; `nil` of nothing.
    package func quantile(_ share: Double) -> Int? {
        let needed = max(1, (share * Double(count)).rounded(.up))
        var seen = 0
        for value in counts.keys.sorted() {
            seen += counts[value, default: 0]
            if Double(seen) >= needed { return value }
        }
        return nil
    }

    /// The values in bins of equal width.
    ///
    /// - Parameter limit: At most how many bins there are.
    /// - Returns: Each bin's values and how often they came up, from the smallest value to the largest.
    package func bins(limit: Int) -> [(values: ClosedRange<Int>, count: Int)] {
        guard let range, limit > 0 else { return [] }
        let span = range.upperBound - range.lowerBound + 1
        let width = Self.roundWidth(atLeast: (span + limit - 1) / limit)
        let first = width == 1 ? range.lowerBound : range.lowerBound / width * width
        return stride(from: first, through: range.upperBound, by: width).map { low in
            let values = low...(low + width - 1)
            return (values, counts.reduce(0) { values.contains($1.key) ? $0 + $1.value : $0 })
        }
    }

    /// The next of 1, 2, 5, 10, 20, 50, …
    private static func roundWidth(atLeast width: Int) -> Int {
        var power = 1
        while true {
            if let found = [1, 2, 5].map({ $0 * power }).first(where: { $0 >= width }) { return found }
            power *= 10
        }
    }
}

/// How often each name came up.
package struct NameCounts: Sendable, Hashable {
    /// The number of times each name was counted.
    private var counts: [ExactText: Int] = [:]
    /// How many times a name came up after too many others to be told apart.
    package private(set) var others = 0

    /// Beyond so many names, which no list for people shows, memory would grow with the file.
    private static let limit = 10_000

    /// Makes a count of nothing.
    package init() {}

    /// Counts a name.
    package mutating func add(_ name: String) {
        let name = ExactText(name)
        if counts.count >= Self.limit, counts[name] == nil {
            others += 1
        } else {
            counts[name, default: 0] += 1
        }
    }

    /// The names, the most frequent first, those alike in byte order.
    package var ranked: [(name: String, count: Int)] {
        counts.map { (name: $0.key.text, count: $0.value) }.sorted { left, right in
            left.count != right.count
                ? left.count > right.count : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
    }

    /// How often a name came up.
    package subscript(name: String) -> Int { counts[ExactText(name), default: 0] }
}

/// The smallest, the largest and the mean of numbers.
package struct NumberSummary: Sendable, Hashable {
    /// How many numbers there are.
    package private(set) var count = 0
    /// The smallest.
    package private(set) var low = Double.infinity
    /// The largest.
    package private(set) var high = -Double.infinity
    private var sum = 0.0

    /// Makes a summary of nothing.
    package init() {}

    /// Takes a number.
    package mutating func add(_ number: Double) {
        count += 1
        (low, high) = (min(low, number), max(high, number))
        sum += number
    }

    /// The mean; 0 of nothing.
    package var mean: Double { count == 0 ? 0 : sum / Double(count) }
}
