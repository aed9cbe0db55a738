// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import Policies

/// The expected values that Scripts/goldens/tokenizer.py wrote, and where the demo's model lies.
enum Goldens {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Goldens")

    static func json(_ name: String) throws -> JSONValue {
        try JSONParser.parse(Data(contentsOf: folder.appendingPathComponent(name)), file: name)
    }

    static func directory(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    /// SmolLM2-135M-Instruct as `make test` fetches it, or where RUBRICS_MODEL says.
    static let model: String? = {
        let environment = ProcessInfo.processInfo.environment["RUBRICS_MODEL"]
        let package = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let names = ["SmolLM2-135M-Instruct.gguf", "SmolLM2-135M-Instruct.Q4_1.gguf"]
        let usual = ["models", ".cache/models", ".cache"].flatMap { folder in names.map { "\(folder)/\($0)" } }
        let candidates = [environment].compactMap(\.self) + usual.map { package.appendingPathComponent($0).path }
        return candidates.first { $0.hasSuffix(".gguf") && FileManager.default.fileExists(atPath: $0) }
    }()
}

/// What `tokenizers` made of the corpus.
struct TokenizerGoldens {
    let json: JSONValue

    init() throws {
        json = try Goldens.json("tokenizers.json")
    }

    var texts: [String] { json["texts"]?.array?.compactMap(\.string) ?? [] }
    private var pieces: [String] { json["pieces"]?.array?.compactMap(\.string) ?? [] }
    private var sentences: [String] { json["sentences"]?.array?.compactMap(\.string) ?? [] }

    func expected(_ name: String) throws -> Expected {
        let value = try #require(json["tokenizers"]?[name])
        return Expected(
            ids: value["ids"]?.array?.map { $0.array?.compactMap { $0.int.map(Int32.init) } ?? [] } ?? [],
            decoded: value["decoded"]?.array?.map(\.string) ?? [],
            random: value["random"]?.array?.compactMap(\.string) ?? [],
            megabyte: value["megabyte"] ?? .null
        )
    }

    struct Expected {
        var ids: [[Int32]]
        var decoded: [String?]
        var random: [String]
        var megabyte: JSONValue
    }

    func randomText(seed: Int) -> String {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces = pieces
        let count = 1 + random.next() % 60
        return (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
    }

    func megabyte() -> String {
        var random = SplitMix64(seed: 2024)
        let sentences = sentences
        var text = ""
        while text.utf8.count < 1_000_000 {
            text += sentences[Int(random.next() % UInt64(sentences.count))]
            text += String(random.next() % 1000)
        }
        return text
    }

    static func hash(_ ids: [Int32]) -> String {
        ids.withUnsafeBytes(hash)
    }

    static func hash(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes(hash)
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        var index = 0
        while index < bytes.count {
            value = (value ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
            index += 1
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
