// SPDX-License-Identifier: Apache-2.0

/// Where a document's values came from, so that errors can name the place.
enum DocumentSource: Sendable {
    /// The bytes; places are looked up in them when an error needs one.
    case json(ArraySlice<UInt8>, firstLine: Int)
    case tree(PlaceTree)
    /// A table's row, which has no text.
    case row

    /// The place of a value or, with `ofKey`, of its key; of the nearest value around it where it is not in the source;
    /// `nil` where there is no text.
    func place(of path: DocumentPath, ofKey: Bool) -> TextPlace? {
        switch self {
        case .json(let bytes, let firstLine):
            withContiguousBytes(of: bytes) { buffer in
                var scanner = JSONScanner(bytes: buffer)
                return TextPlace(of: scanner.offset(of: path, ofKey: ofKey), in: buffer, firstLine: firstLine)
            }
        case .tree(let tree):
            tree.place(of: path.components[...], ofKey: ofKey)
        case .row:
            nil
        }
    }
}

/// The places of a YAML or TOML document's values.
struct PlaceTree: Sendable {
    var place: TextPlace
    var elements: [PlaceTree] = []
    var members: [(key: ExactText, keyPlace: TextPlace, value: PlaceTree)] = []

    func place(of path: ArraySlice<DocumentPath.Component>, ofKey: Bool) -> TextPlace {
        switch path.first {
        case .index(let index) where elements.indices.contains(index):
            return elements[index].place(of: path.dropFirst(), ofKey: ofKey)
        case .key(let key):
            guard let member = members.first(where: { $0.key == key }) else { return place }
            if ofKey, path.count == 1 { return member.keyPlace }
            return member.value.place(of: path.dropFirst(), ofKey: ofKey)
        default: return place
        }
    }
}

extension JSONScanner {
    /// The byte at which the value of a path starts, or its key; of the last value on the way that is there.
    mutating func offset(of path: DocumentPath, ofKey: Bool) -> Int {
        skipSpace()
        var offset = index
        for (position, component) in path.components.enumerated() {
            let isLast = position == path.components.count - 1
            guard let next = try? step(to: component, ofKey: ofKey && isLast) else { break }
            offset = next
        }
        return offset
    }
}
