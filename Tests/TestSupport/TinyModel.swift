// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Policies
import Rubrics

/// A llama of 258 tokens that makes a training step in milliseconds: random weights, a token a byte, ChatML.
package struct TinyModel: Sendable {
    private static let startOfTurn = "<|im_start|>"
    private static let endOfTurn = "<|im_end|>"
    private static let template =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
        + "'\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

    /// The seed of the weights.
    package var seed: UInt64
    /// Its shape.
    package var configuration = ModelConfiguration(
        architecture: .llama,
        vocabularySize: 258,
        hiddenSize: 32,
        intermediateSize: 64,
        layers: 2,
        heads: 4,
        kvHeads: 2,
        maxPositions: 128,
        tiedEmbeddings: true,
        eosIDs: [257]
    )
    /// A number that stands in for every weight of this tensor.
    package var spoiled: (tensor: String, value: Float)?

    /// Describes a model.
    package init(seed: UInt64 = 1) {
        self.seed = seed
    }

    /// Writes the model as a Hugging Face directory.
    package func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(tokenizer.serialized().utf8).write(to: folder.appendingPathComponent("tokenizer.json"))
        let specials: JSONValue = ["eos_token": .string(Self.endOfTurn)]
        try Data(specials.serialized().utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
        try ModelFile.save(
            to: folder.path,
            configuration: configuration,
            tokenizer: Tokenizer(directory: folder.path),
            chatTemplate: Self.template,
            format: .f32
        ) { name, append in
            try values(of: name).withUnsafeBufferPointer(append)
        }
    }

    /// A tensor's values; each depends on the seed, the tensor's name and the place alone.
    package func values(of name: String) -> [Float] {
        let count = configuration.weights.first { $0.name == name }?.shape.reduce(1, *) ?? 0
        if let spoiled, spoiled.tensor == name { return [Float](repeating: spoiled.value, count: count) }
        if name.hasSuffix("norm.weight") { return [Float](repeating: 1, count: count) }
        let place = name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }
        var generator = SplitMix64(seed: seed, path: place)
        return (0..<count).map { _ in Float(generator.uniform() - 0.5) * 0.4 }
    }

    private var tokenizer: JSONValue {
        let bytes = Self.spellings.enumerated().map { (key: $1, value: JSONValue.integer($0)) }
        let specials = [Self.startOfTurn, Self.endOfTurn].enumerated().map { place, content -> JSONValue in
            ["id": .integer(256 + place), "content": .string(content), "special": true]
        }
        return [
            "added_tokens": .array(specials),
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
            "model": ["type": "BPE", "vocab": .object(JSONObject(bytes)), "merges": []],
        ]
    }

    /// How GPT-2's byte alphabet writes each byte: itself where it is printable, else the next scalar from U+0100.
    private static var spellings: [String] {
        var next: UInt32 = 0x100
        return (UInt32(0)...255).map { byte in
            let isPrintable = [33...126, 161...172, 174...255].contains { $0.contains(byte) }
            if !isPrintable { next += 1 }
            return Unicode.Scalar(isPrintable ? byte : next - 1).map { String($0) } ?? ""
        }
    }
}
