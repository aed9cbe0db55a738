// SPDX-License-Identifier: Apache-2.0

/// Suggestions for misspelt names.
package enum NearestName {
    /// A remedy for an unknown name: the nearest known one, or all of them when none is near.
    ///
    /// - Parameters:
    ///   - name: The name as written.
    ///   - candidates: The known names.
    ///   - noun: What they are, in the plural, for example `keys`.
    /// - Returns: `did you mean "title"?`, `known keys: a, b`, or `nil` when there are no candidates.
    package static func remedy(for name: String, among candidates: [String], noun: String) -> String? {
        if let nearest = nearest(to: name, among: candidates) { return "did you mean \"\(nearest)\"?" }
        return candidates.isEmpty ? nil : "known \(noun): \(candidates.joined(separator: ", "))"
    }

    /// The candidate that `name` abbreviates, else the one that differs least: by about a third of its letters at most.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let longer = candidates.filter { name.utf8.count >= 3 && $0.utf8.starts(with: name.utf8) }
        if longer.count == 1 { return longer[0] }
        let letters = Array(name.lowercased().unicodeScalars)
        return candidates.lazy
            .map { candidate in
                (candidate, distance: distance(letters, Array(candidate.lowercased().unicodeScalars)))
            }
            .filter { $0.distance <= max(1, min(letters.count, $0.0.unicodeScalars.count) / 3) }
            .min { $0.distance < $1.distance }?.0
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words
    /// (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replacement = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replacement, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
