// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

@testable import Policies

/// Writes a GGUF file's bytes, right or wrong.
struct GGUFBuilder {
    var version: UInt32 = 3
    var alignment = 32
    var values: [(key: String, value: GGUFValue)] = []
    var tensors: [(name: String, type: UInt32, shape: [Int], bytes: [UInt8])] = []

    var bytes: [UInt8] {
        var header = Array("GGUF".utf8) + little(version) + little(UInt64(tensors.count)) + little(UInt64(values.count))
        for (key, value) in values { header += text(key) + typed(value) }
        var data: [UInt8] = []
        for tensor in tensors {
            header += text(tensor.name) + little(UInt32(tensor.shape.count))
            for size in tensor.shape.reversed() { header += little(UInt64(size)) }
            header += little(tensor.type) + little(UInt64(data.count))
            data += tensor.bytes
            data += [UInt8](repeating: 0, count: (alignment - data.count % alignment) % alignment)
        }
        header += [UInt8](repeating: 0, count: (alignment - header.count % alignment) % alignment)
        return header + data
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private func text(_ text: String) -> [UInt8] {
        little(UInt64(text.utf8.count)) + Array(text.utf8)
    }

    private func typed(_ value: GGUFValue) -> [UInt8] {
        little(type(of: value)) + plain(value)
    }

    private func type(of value: GGUFValue) -> UInt32 {
        switch value {
        case .integer: 4
        case .float: 6
        case .bool: 7
        case .text: 8
        case .array: 9
        case .double: 12
        }
    }

    private func plain(_ value: GGUFValue) -> [UInt8] {
        switch value {
        case .integer(let integer): little(UInt32(integer))
        case .float(let float): little(float.bitPattern)
        case .double(let double): little(double.bitPattern)
        case .bool(let bool): [bool ? 1 : 0]
        case .text(let text): self.text(text)
        case .array(let elements):
            little(elements.first.map(type(of:)) ?? 4) + little(UInt64(elements.count)) + elements.flatMap(plain)
        }
    }
}

extension GGUFBuilder {
    /// A small llama with weights from a formula, so that every row can be told from every other.
    static func llama(layers: Int = 1) -> Self {
        var builder = Self()
        let tokens = (0..<256).map { ByteAlphabet.spelling(of: [UInt8($0)]) } + ["ab", "<|im_end|>"]
        builder.values = [
            ("general.architecture", .text("llama")), ("llama.block_count", .integer(layers)),
            ("llama.context_length", .integer(64)), ("llama.embedding_length", .integer(32)),
            ("llama.feed_forward_length", .integer(64)), ("llama.attention.head_count", .integer(4)),
            ("llama.attention.head_count_kv", .integer(2)), ("llama.rope.freq_base", .float(100_000)),
            ("llama.attention.layer_norm_rms_epsilon", .float(1e-5)), ("llama.rope.dimension_count", .integer(8)),
            ("tokenizer.ggml.model", .text("gpt2")), ("tokenizer.ggml.pre", .text("smollm")),
            ("tokenizer.ggml.tokens", .array(tokens.map { .text($0) })),
            ("tokenizer.ggml.token_type", .array(tokens.map { .integer($0 == "<|im_end|>" ? 3 : 1) })),
            ("tokenizer.ggml.merges", .array([.text("a b")])), ("tokenizer.ggml.eos_token_id", .integer(257)),
            (
                "tokenizer.chat_template",
                .text(
                    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
                        + "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}"
                        + "{{ '<|im_start|>assistant\n' }}{% endif %}"
                )
            ),
        ]
        builder.add("token_embd.weight", [258, 32])
        builder.add("output_norm.weight", [32])
        for layer in 0..<layers {
            for (name, shape) in [
                ("attn_norm", [32]), ("attn_q", [32, 32]), ("attn_k", [16, 32]), ("attn_v", [16, 32]),
                ("attn_output", [32, 32]), ("ffn_norm", [32]), ("ffn_gate", [64, 32]), ("ffn_up", [64, 32]),
                ("ffn_down", [32, 64]),
            ] {
                builder.add("blk.\(layer).\(name).weight", shape)
            }
        }
        return builder
    }

    /// Adds an F32 tensor whose elements are 0, 1, 2, …
    mutating func add(_ name: String, _ shape: [Int]) {
        let floats = (0..<shape.reduce(1, *)).map { Float($0) }
        tensors.append((name, 0, shape, floats.withUnsafeBytes { Array($0) }))
    }

    func replacing(_ key: String, by value: GGUFValue?) -> Self {
        var copy = self
        copy.values.removeAll { $0.key == key }
        if let value { copy.values.append((key, value)) }
        return copy
    }

    func renaming(_ name: String, to other: String) -> Self {
        var copy = self
        for index in copy.tensors.indices where copy.tensors[index].name == name { copy.tensors[index].name = other }
        return copy
    }
}

extension ModelFile {
    /// All elements of a tensor.
    func floats(_ name: String) throws -> [Float] {
        var floats = [Float](repeating: .nan, count: shape(of: name)?.reduce(1, *) ?? 0)
        try floats.withUnsafeMutableBufferPointer { try readFloats(name, into: $0) }
        return floats
    }
}
