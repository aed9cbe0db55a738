// SPDX-License-Identifier: Apache-2.0

/// A value of a TOML document while it is read: later lines add to tables that earlier ones opened.
final class TOMLNode {
    enum Content {
        case plain(JSONValue)
        case list([TOMLNode])
        case table([(key: String, node: TOMLNode)])
    }

    /// How a table or list came about, which decides what may add to it.
    enum Origin {
        /// A value or an inline table or list: nothing may.
        case value
        /// A table above a header's: a header may define it.
        case implicit
        /// A header.
        case header
        /// A dotted key: further dotted keys may add to it.
        case dotted
        /// A list of tables, by headers.
        case tables
    }

    private(set) var content: Content
    private(set) var origin: Origin
    /// Where the value starts.
    let offset: Int
    /// Where its key starts.
    let keyOffset: Int
    private var positions: [ExactText: Int] = [:]

    init(_ content: Content = .table([]), origin: Origin = .header, offset: Int, keyOffset: Int? = nil) {
        self.content = content
        self.origin = origin
        self.offset = offset
        self.keyOffset = keyOffset ?? offset
    }

    private subscript(key: String) -> TOMLNode? {
        guard case .table(let members) = content else { return nil }
        return positions[ExactText(key)].map { members[$0].node }
    }

    /// Adds a member.
    ///
    /// - Throws: `JSONFault` where the key is there already.
    func insert(_ node: TOMLNode, for key: String) throws(JSONFault) {
        guard case .table(var members) = content, self[key] == nil else { throw duplicate(key, at: node.keyOffset) }
        content = .plain(.null)
        positions[ExactText(key)] = members.count
        members.append((key, node))
        content = .table(members)
    }

    /// The table of a key on a header's way.
    func opened(_ key: String, at offset: Int) throws(JSONFault) -> TOMLNode {
        guard let known = self[key] else {
            let node = TOMLNode(origin: .implicit, offset: offset)
            try insert(node, for: key)
            return node
        }
        switch (known.origin, known.content) {
        case (.tables, .list(let elements)): return elements.last ?? known
        case (.implicit, .table), (.header, .table), (.dotted, .table): return known
        default: throw duplicate(key, at: offset)
        }
    }

    /// The table that a header defines.
    func definedTable(_ key: String, at offset: Int) throws(JSONFault) -> TOMLNode {
        guard let known = self[key] else {
            let node = TOMLNode(offset: offset)
            try insert(node, for: key)
            return node
        }
        guard known.origin == .implicit else { throw duplicate(key, at: offset) }
        known.origin = .header
        return known
    }

    /// The next table of a list of tables.
    func appendedTable(_ key: String, at offset: Int) throws(JSONFault) -> TOMLNode {
        let node = TOMLNode(offset: offset)
        guard let known = self[key] else {
            try insert(TOMLNode(.list([node]), origin: .tables, offset: offset), for: key)
            return node
        }
        guard known.origin == .tables, case .list(var elements) = known.content else {
            throw duplicate(key, at: offset)
        }
        known.content = .plain(.null)
        elements.append(node)
        known.content = .list(elements)
        return node
    }

    /// The table of a dotted key's part.
    func dotted(_ key: String, at offset: Int) throws(JSONFault) -> TOMLNode {
        guard let known = self[key] else {
            let node = TOMLNode(origin: .dotted, offset: offset)
            try insert(node, for: key)
            return node
        }
        guard known.origin == .dotted else { throw duplicate(key, at: offset) }
        return known
    }

    /// Closes an inline table and what its dotted keys opened.
    func close() {
        origin = .value
        guard case .table(let members) = content else { return }
        for (_, node) in members where node.origin == .dotted { node.close() }
    }

    /// The value.
    ///
    /// - Throws: `JSONFault` for nesting without end.
    func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= JSONParser.maximumDepth else { throw TOMLScanner.tooDeep(at: offset) }
        switch content {
        case .plain(let value): return value
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.value(depth: depth + 1)) }
            return .array(values)
        case .table(let members):
            var object = JSONObject()
            for (key, node) in members { _ = object.insert(key: key, value: try node.value(depth: depth + 1)) }
            return .object(object)
        }
    }

    private func duplicate(_ key: String, at offset: Int) -> JSONFault {
        JSONFault(offset: offset, message: "duplicate key \"\(key)\"", remedy: "keep one of them")
    }
}
