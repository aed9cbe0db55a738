// SPDX-License-Identifier: Apache-2.0

import Yams

extension Document {
    /// A value as YAML, its keys in the order in which it encodes them, numbers in their shortest form.
    ///
    /// - Throws: What the value's `encode(to:)` throws.
    public static func yamlText(of value: some Encodable) throws -> String {
        guard let node = try Yams.compose(yaml: YAMLEncoder().encode(value)) else { return "" }
        return try Yams.serialize(node: shortened(node))
    }

    /// Yams writes 0.2 as `2e-1`.
    private static func shortened(_ node: Node) -> Node {
        switch node {
        case .mapping(let mapping): Node(mapping.map { ($0.key, shortened($0.value)) })
        case .sequence(let sequence): Node(sequence.map(shortened))
        case .scalar(let scalar):
            node.float.flatMap { node.int == nil && scalar.style == .plain ? Node("\($0)") : nil } ?? node
        case .alias: node
        }
    }
}
