// SPDX-License-Identifier: Apache-2.0

/// The way from a document's root to one of its values.
struct DocumentPath: Sendable, Hashable, CustomStringConvertible {
    enum Component: Sendable, Hashable {
        case key(ExactText)
        case index(Int)
    }

    var components: [Component] = []

    /// `grpo.group_size`, `criteria[2].check`; empty for the root.
    var description: String {
        components.reduce(into: "") { text, component in
            switch component {
            case .key(let key): text += text.isEmpty ? key.text : ".\(key.text)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }

    /// The last key with the indices after it: what a message calls the value.
    var name: String? {
        let start = components.lastIndex { if case .key = $0 { true } else { false } } ?? 0
        let name = DocumentPath(components: Array(components[start...])).description
        return name.isEmpty ? nil : name
    }

    init(components: [Component] = []) {
        self.components = components
    }

    /// Reads `grpo.group_size`, `criteria[2].weight` or `criteria.2.weight`.
    ///
    /// - Returns: `nil` when a component is empty or a bracket holds no number.
    init?(_ text: String) {
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let key = pieces.first, !key.isEmpty else { return nil }
            components.append(.key(ExactText(String(key))))
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else { return nil }
                components.append(.index(index))
            }
        }
    }

    func appending(_ component: Component) -> DocumentPath {
        DocumentPath(components: components + [component])
    }

    func appending(key: String) -> DocumentPath {
        appending(.key(ExactText(key)))
    }

    func starts(with prefix: DocumentPath) -> Bool {
        components.starts(with: prefix.components)
    }
}
