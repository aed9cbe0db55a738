// SPDX-License-Identifier: Apache-2.0

public import Rubrics

/// A rubric as a tree: criteria with children are nodes, the others are leaves, and leaves are what is judged.
///
/// A node's value is the weighted mean of its children's values, over the children below which something was judged
/// (PaperBench, arXiv 2504.01848). A node's own statement, check and polarity decide nothing; its importance or weight
/// says how much it counts beside its siblings.
public struct CriteriaTree: Sendable, Hashable {
    /// The leaves, from left to right.
    public let leaves: [Criterion]
    /// The leaves' effective weights: the products of normalized weights up the tree. They sum to 1.
    public let weights: [Double]
    private let roots: [Node]

    /// A criterion with its weight among its siblings.
    private struct Node: Sendable, Hashable {
        var weight: Double
        /// The place among the leaves; `nil` for a node with children.
        var leaf: Int?
        var children: [Node]
    }

    /// Weighs every level of a task's rubric by one scheme.
    ///
    /// - Throws: ``RewardError`` naming the criterion that has no weight in the scheme, or below which nothing weighs
    ///   anything.
    public init(of task: RubricTask, weighting: Weighting) throws {
        var builder = Builder(task: task, weighting: weighting)
        roots = try builder.nodes(of: task.criteria, below: nil, share: 1)
        leaves = builder.leaves
        weights = builder.weights
    }

    /// The task as judges see it: its criteria are the leaves in order, with their identifiers.
    public static func leaves(of task: RubricTask) -> RubricTask {
        var judged = task
        judged.criteria = leaves(of: task.criteria)
        return judged
    }

    private static func leaves(of criteria: [Criterion]) -> [Criterion] {
        criteria.flatMap { $0.children.isEmpty ? [$0] : leaves(of: $0.children) }
    }

    /// The rubric's value.
    ///
    /// - Parameter credited: For each leaf, in order, whether it is credited; `nil` where it was not judged.
    /// - Returns: The value in [0, 1]; `nil` when nothing that weighs anything was judged.
    /// - Precondition: There is one entry a leaf.
    public func value(of credited: [Bool?]) -> Double? {
        precondition(credited.count == leaves.count, "\(credited.count) credits for \(leaves.count) leaves")
        return Self.mean(of: roots, credited)
    }

    /// The rubric's value from what was judged, found by identifier.
    func value(of judged: [JudgedCriterion]) -> Double? {
        let credited = Dictionary(
            judged.map { (ExactText($0.id), $0.isCredited) },
            uniquingKeysWith: { _, last in last }
        )
        return value(of: leaves.map { credited[ExactText($0.id)] })
    }

    private static func mean(of nodes: [Node], _ credited: [Bool?]) -> Double? {
        var (sum, judged) = (0.0, 0.0)
        for node in nodes where node.weight > 0 {
            guard let value = value(of: node, credited) else { continue }
            sum += node.weight * value
            judged += node.weight
        }
        return judged > 0 ? sum / judged : nil
    }

    private static func value(of node: Node, _ credited: [Bool?]) -> Double? {
        guard let leaf = node.leaf else { return mean(of: node.children, credited) }
        return credited[leaf].map { $0 ? 1 : 0 }
    }

    /// Walks the criteria once, collecting leaves.
    private struct Builder {
        let task: RubricTask
        let weighting: Weighting
        var leaves: [Criterion] = []
        var weights: [Double] = []

        mutating func nodes(of criteria: [Criterion], below parent: Criterion?, share: Double) throws -> [Node] {
            let own = try weighting.weights(of: criteria, below: parent, in: task)
            let total = own.reduce(0, +)
            var nodes: [Node] = []
            for (criterion, weight) in zip(criteria, own) {
                let effective = share * weight / total
                if criterion.children.isEmpty {
                    nodes.append(Node(weight: weight, leaf: leaves.count, children: []))
                    leaves.append(criterion)
                    weights.append(effective)
                } else {
                    let children = try self.nodes(of: criterion.children, below: criterion, share: effective)
                    nodes.append(Node(weight: weight, leaf: nil, children: children))
                }
            }
            return nodes
        }
    }
}
