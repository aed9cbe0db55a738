// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension Aggregation: Codable {
    /// The schemes' names in recipes.
    enum Word: String, CodingKey, CaseIterable {
        case weightedMean = "weighted_mean"
        case essentialGated = "essential_gated"
        case softMin = "soft_min"
        case geometricMean = "geometric_mean"
        case hierarchical
    }

    private enum GateKey: CodingKey, CaseIterable {
        case cap
    }

    private enum SoftMinKey: CodingKey, CaseIterable {
        case temperature
    }

    private enum GeometricMeanKey: CodingKey, CaseIterable {
        case floor
    }

    /// The word for it in recipes.
    public var name: String { word.rawValue }

    var word: Word {
        switch self {
        case .weightedMean: .weightedMean
        case .essentialGated: .essentialGated
        case .softMin: .softMin
        case .geometricMean: .geometricMean
        case .hierarchical: .hierarchical
        }
    }

    private init(_ word: Word) {
        switch word {
        case .weightedMean: self = .weightedMean
        case .essentialGated: self = .essentialGated()
        case .softMin: self = .softMin()
        case .geometricMean: self = .geometricMean()
        case .hierarchical: self = .hierarchical
        }
    }

    /// Reads a word, or a mapping of one word to its settings: `{essential_gated: {cap: 0.3}}`.
    ///
    /// - Throws: An error that names the nearest word, or the number that is out of its range.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard let word = Word.allCases.first(where: { $0.rawValue.isExactly(name) }) else {
                throw Self.unknown(name, at: decoder.codingPath)
            }
            self.init(word)
            return
        }
        let container = try decoder.container(keyedBy: Word.self)
        guard let word = container.allKeys.first, container.allKeys.count == 1 else {
            throw Self.corrupted("expected one aggregation with its settings", at: decoder.codingPath)
        }
        self = try Self.settings(of: word, in: container)
        if let problem {
            throw Self.corrupted("aggregation \(word.rawValue): \(problem)", at: decoder.codingPath + [word])
        }
    }

    /// Writes what ``init(from:)`` reads, with every setting spelled out.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .weightedMean, .hierarchical:
            var container = encoder.singleValueContainer()
            try container.encode(word.rawValue)
        case .essentialGated(let cap): try encode(cap, as: GateKey.cap, to: encoder)
        case .softMin(let temperature): try encode(temperature, as: SoftMinKey.temperature, to: encoder)
        case .geometricMean(let floor): try encode(floor, as: GeometricMeanKey.floor, to: encoder)
        }
    }

    private func encode<Key: CodingKey>(_ value: Double, as key: Key, to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Word.self)
        var settings = container.nestedContainer(keyedBy: Key.self, forKey: word)
        try settings.encode(value, forKey: key)
    }

    private static func settings(of word: Word, in container: KeyedDecodingContainer<Word>) throws -> Self {
        switch word {
        case .weightedMean, .hierarchical:
            throw corrupted("\(word.rawValue) has no settings: write the word alone", at: container.codingPath + [word])
        case .essentialGated:
            let settings = try container.nestedContainer(keyedBy: GateKey.self, forKey: word)
            return try settings.decodeIfPresent(Double.self, forKey: .cap).map(essentialGated) ?? .essentialGated()
        case .softMin:
            let settings = try container.nestedContainer(keyedBy: SoftMinKey.self, forKey: word)
            return try settings.decodeIfPresent(Double.self, forKey: .temperature).map(softMin) ?? .softMin()
        case .geometricMean:
            let settings = try container.nestedContainer(keyedBy: GeometricMeanKey.self, forKey: word)
            return try settings.decodeIfPresent(Double.self, forKey: .floor).map(geometricMean) ?? .geometricMean()
        }
    }

    private static func unknown(_ name: String, at path: [any CodingKey]) -> DecodingError {
        let words = Word.allCases.map(\.rawValue)
        let remedy = NearestName.remedy(for: name, among: words, noun: "words").map { "; \($0)" } ?? ""
        return corrupted("unknown aggregation \"\(name)\"\(remedy)", at: path)
    }

    private static func corrupted(_ message: String, at path: [any CodingKey]) -> DecodingError {
        DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: message))
    }
}
