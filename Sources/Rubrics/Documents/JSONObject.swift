// SPDX-License-Identifier: Apache-2.0

/// A JSON object whose members keep their order.
///
/// Keys are told apart by their UTF-8 bytes, not by canonical equivalence.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// The members in order; no two have the same key.
    public private(set) var members: [(key: String, value: JSONValue)] = []

    /// Positions of the keys, kept only where a scan through the members would be slower.
    private var positions: [ExactText: Int] = [:]
    private static let scanLimit = 16

    /// Makes an empty object.
    public init() {}

    /// Makes an object of members in this order; of members with the same key the last value stands.
    public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
        for (key, value) in members {
            self[key] = value
        }
    }

    /// Makes an object of a literal's members, in its order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }

    /// The value of a key. Setting replaces it where it stands or appends it; setting `nil` removes it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(key: key, value: value)
            case (nil, nil): break
            }
        }
    }

    /// Appends a member unless its key is there already.
    ///
    /// - Returns: Whether the member was appended.
    package mutating func insert(key: String, value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        append(key: key, value: value)
        return true
    }

    private func position(of key: String) -> Int? {
        members.count > Self.scanLimit
            ? positions[ExactText(key)] : members.firstIndex { $0.key.isExactly(key) }
    }

    private mutating func append(key: String, value: JSONValue) {
        members.append((key, value))
        if members.count > Self.scanLimit + 1 {
            positions[ExactText(key)] = members.count - 1
        } else if members.count == Self.scanLimit + 1 {
            indexMembers()
        }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        indexMembers()
    }

    private mutating func indexMembers() {
        positions.removeAll()
        guard members.count > Self.scanLimit else { return }
        for (position, member) in members.enumerated() {
            positions[ExactText(member.key)] = position
        }
    }

    /// Whether both objects have the same members in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        left.members.elementsEqual(right.members) { $0.key.isExactly($1.key) && $0.value == $1.value }
    }

    /// Hashes the members in order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for (key, value) in members {
            key.hashExactly(into: &hasher)
            hasher.combine(value)
        }
    }
}
