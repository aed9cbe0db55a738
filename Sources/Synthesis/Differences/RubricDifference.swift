// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// What is different between two versions of one row, its identifier and provenance left aside.
package struct RubricDifference: Sendable, Hashable {
    /// One difference.
    package enum Change: Sendable, Hashable {
        /// A criterion that only the new version has.
        case added(Criterion)
        /// A criterion that only the old version has.
        case removed(Criterion)
        /// A criterion of both that is not the same.
        case edited(old: Criterion, new: Criterion)
        /// A text of the row itself; `nil` where a version has none.
        case text(key: String, old: String?, new: String?)
        /// Labels, metadata, or the order of the criteria.
        case other(String)
    }

    /// The row's identifier.
    package let id: String
    /// The differences: texts of the row, then its criteria in the new order, then those that are gone.
    package let changes: [Change]

    /// Compares two versions. Criteria are matched by identifier where it and the title or the statement agree, then
    /// by statement, then by identifier alone.
    package init(old: RubricTask, new: RubricTask) {
        id = new.id
        let pairs = Self.matches(old.criteria, new.criteria)
        let partners = Dictionary(uniqueKeysWithValues: pairs.map { ($0.new, $0.old) })
        let criteria = new.criteria.indices.compactMap { place -> Change? in
            guard let partner = partners[place] else { return .added(new.criteria[place]) }
            let (before, after) = (old.criteria[partner], new.criteria[place])
            return before == after ? nil : .edited(old: before, new: after)
        }
        let kept = Set(pairs.map(\.old))
        let removed = old.criteria.indices.filter { !kept.contains($0) }.map { Change.removed(old.criteria[$0]) }
        var others: [Change] = []
        if old.tags != new.tags || old.metadata != new.metadata { others.append(.other("tags or metadata")) }
        let order = pairs.sorted { $0.new < $1.new }.map(\.old)
        if order != order.sorted() { others.append(.other("the order of the criteria")) }
        changes = Self.texts(old, new) + criteria + removed + others
    }

    private static func texts(_ old: RubricTask, _ new: RubricTask) -> [Change] {
        func prompt(_ task: RubricTask) -> String {
            guard task.prompt.count > 1 || task.prompt.first?.role != .user else { return task.prompt[0].content }
            return task.prompt.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n")
        }
        let pairs: [(String, String?, String?)] = [
            ("prompt", prompt(old), prompt(new)), ("reference_answer", old.referenceAnswer, new.referenceAnswer),
            ("plain_answer", old.plainAnswer, new.plainAnswer), ("source", old.source, new.source),
            ("domain", old.domain, new.domain),
        ]
        return pairs.filter { $0.1.map(ExactText.init) != $0.2.map(ExactText.init) }
            .map { .text(key: $0.0, old: $0.1, new: $0.2) }
    }

    private static func isNamedAlike(_ old: Criterion, _ new: Criterion) -> Bool {
        !old.title.isEmpty && old.title.isExactly(new.title)
    }

    private static func matches(_ old: [Criterion], _ new: [Criterion]) -> [(old: Int, new: Int)] {
        var pairs: [(old: Int, new: Int)] = []
        var (left, right) = (Array(old.indices), Array(new.indices))
        let rules: [(Criterion, Criterion) -> Bool] = [
            { $0.id.isExactly($1.id) && ($0.description.isExactly($1.description) || isNamedAlike($0, $1)) },
            { $0.description.isExactly($1.description) },
            { $0.id.isExactly($1.id) },
        ]
        for rule in rules {
            for place in right {
                guard let partner = left.first(where: { rule(old[$0], new[place]) }) else { continue }
                pairs.append((partner, place))
                left.removeAll { $0 == partner }
            }
            right.removeAll { place in pairs.contains { $0.new == place } }
        }
        return pairs
    }
}
