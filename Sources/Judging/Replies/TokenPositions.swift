// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics

/// Finds the tokens of a reply that hold a member's value.
struct TokenPositions {
    private let tokens: [ChatReply.Token]
    private let starts: [Int]
    private let bytes: [UInt8]

    init(_ reply: ChatReply) {
        tokens = reply.tokens
        bytes = Array(reply.tokens.map(\.text).joined().utf8)
        var starts: [Int] = []
        var end = 0
        for token in reply.tokens {
            starts.append(end)
            end += token.text.utf8.count
        }
        self.starts = starts
    }

    /// The token in which each text value of `key` begins, in order.
    func tokens(of key: String) -> [ChatReply.Token] {
        let wanted = Array("\"\(key)\"".utf8)
        var found: [ChatReply.Token] = []
        var place = 0
        while let start = bytes[place...].indices.first(where: { bytes[$0...].starts(with: wanted) }) {
            place = start + wanted.count
            let value = bytes[place...].firstIndex { $0 > 0x20 && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "\"") }
            guard let value, let token = starts.lastIndex(where: { $0 <= value }) else { break }
            found.append(tokens[token])
        }
        return found
    }

    /// How probable each value of `key` is beside the other words that could stand there.
    func values(of key: String, words: [String]) -> [Double] {
        tokens(of: key).map { token in
            let said = word(token.text, among: words)
            var mass: [String: Double] = [:]
            for (text, logprob) in token.candidates {
                if let word = word(text, among: words) { mass[word, default: 0] += exp(logprob) }
            }
            let total = mass.values.reduce(0, +)
            return said.flatMap { mass[$0] }.map { total > 0 ? $0 / total : 0 } ?? exp(token.logprob)
        }
    }

    /// The word that a token begins, quotes and spaces aside; `nil` where there is none or more than one.
    private func word(_ token: String, among words: [String]) -> String? {
        let text = token.trimmingCharacters(in: CharacterSet(charactersIn: " \"'\n\t:"))
        guard !text.utf8.isEmpty else { return nil }
        let matches = words.filter { $0.utf8.starts(with: text.utf8) || text.utf8.starts(with: $0.utf8) }
        return matches.count == 1 ? matches[0] : nil
    }
}

extension ChatReply.Token {
    /// The token and its alternatives, in the order of their bytes, so that a sum over them is the same every time.
    var candidates: [(text: String, logprob: Double)] {
        alternatives.merging([text: logprob]) { first, _ in first }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { (text: $0.key, logprob: $0.value) }
    }
}
