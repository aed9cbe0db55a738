// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Policies

struct GGUFTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ builder: GGUFBuilder) throws -> ModelFile {
        try ModelFile.open(try folder.write("m.gguf", builder.bytes))
    }

    @Test("All kinds of metadata are read", arguments: [2, 3] as [UInt32])
    func metadata(version: UInt32) throws {
        var builder = GGUFBuilder(version: version)
        let nested = GGUFValue.array([.array([.integer(1), .integer(2)]), .array([])])
        builder.values = [
            ("i", .integer(7)), ("f", .float(0.1)), ("d", .double(0.1)), ("b", .bool(true)), ("t", .text("\u{120}")),
            ("n", nested),
        ]
        let file = try GGUFFile(path: try folder.write("m.gguf", builder.bytes))
        #expect(file.metadata["i"]?.integer == 7)
        #expect(file.metadata["f"]?.double == 0.1)
        #expect(file.metadata["d"]?.double == 0.1)
        #expect(file.metadata["b"]?.bool == true)
        #expect(file.metadata["t"]?.text?.utf8.elementsEqual("\u{120}".utf8) == true)
        #expect(file.metadata["n"] == nested)
    }

    @Test("Small integers of every type are read")
    func integers() throws {
        let types: [(UInt32, [UInt8], Int)] = [
            (0, [200], 200), (1, [0xFE], -2), (2, [0xFF, 0xFF], 65535), (3, [0xFF, 0xFF], -1),
            (5, [0xFE, 0xFF, 0xFF, 0xFF], -2), (10, [1, 0, 0, 0, 0, 0, 0, 0], 1),
            (10, [UInt8](repeating: 0xFF, count: 8), .max), (11, [UInt8](repeating: 0xFF, count: 8), -1),
        ]
        for (type, bytes, expected) in types {
            let all = withUnsafeBytes(of: type.littleEndian) { Array($0) } + bytes
            let value = try all.withUnsafeBytes { bytes in
                var cursor = GGUFCursor(bytes: bytes, path: "t")
                return try cursor.value()
            }
            #expect(value.integer == expected)
        }
    }

    @Test("A llama is read by its Hugging Face names, with queries and keys in their own order")
    func llama() throws {
        let model = try open(.llama())
        #expect(model.configuration.architecture == .llama)
        #expect(model.configuration.headDimension == 8)
        #expect(model.configuration.rmsNormEps == 1e-5)
        #expect(model.configuration.ropeTheta == 100_000)
        #expect(model.configuration.tiedEmbeddings)
        #expect(model.configuration.eosIDs == [257])
        #expect(model.tensorNames.count == 11)
        let queries = try model.floats("model.layers.0.self_attn.q_proj.weight")
        let firstOfRows = stride(from: 0, to: queries.count, by: 32).map { Int(queries[$0]) / 32 }
        // Within each head of 8: the even rows of the file, then the odd ones.
        #expect(firstOfRows == (0..<4).flatMap { head in [0, 2, 4, 6, 1, 3, 5, 7].map { head * 8 + $0 } })
        let values = try model.floats("model.layers.0.self_attn.v_proj.weight")
        #expect(values == (0..<512).map { Float($0) })
        var rows = [Float](repeating: 0, count: 64)
        try rows.withUnsafeMutableBufferPointer {
            try model.readFloats("model.layers.0.self_attn.q_proj.weight", rows: 3..<5, into: $0)
        }
        #expect(rows == Array(queries[96..<160]))
    }

    @Test("Another architecture's queries stay in order, and its biases are read")
    func qwen2() throws {
        var builder = GGUFBuilder.llama()
        builder.values = builder.values.map { ($0.key.replacingOccurrences(of: "llama.", with: "qwen2."), $0.value) }
        builder = builder.replacing("general.architecture", by: .text("qwen2"))
        for (name, width) in [("q", 32), ("k", 16), ("v", 16)] { builder.add("blk.0.attn_\(name).bias", [width]) }
        let model = try open(builder)
        #expect(model.configuration.attentionBias)
        #expect(try model.floats("model.layers.0.self_attn.q_proj.bias") == (0..<32).map { Float($0) })
        #expect(try model.floats("model.layers.0.self_attn.q_proj.weight") == (0..<1024).map { Float($0) })
    }

    @Test("What is not supported is refused by name")
    func refusals() throws {
        let llama = GGUFBuilder.llama()
        var quantized = llama
        quantized.tensors[3].type = 14
        var unknown = llama
        unknown.tensors[3].type = 99
        var frequencies = llama
        frequencies.add("rope_freqs.weight", [4])
        let cases: [(GGUFBuilder, String)] = [
            (quantized, "tensor blk.0.attn_q.weight: Q6_K weights are not supported"),
            (unknown, "unknown type 99"),
            (frequencies, "RoPE scaling of kind llama3"),
            (llama.replacing("general.architecture", by: .text("gemma3")), "the architecture gemma3 is not supported"),
            (llama.replacing("general.architecture", by: nil), "the architecture (none) is not supported"),
            (llama.replacing("llama.rope.scaling.type", by: .text("yarn")), "RoPE scaling of kind yarn"),
            (llama.replacing("llama.expert_count", by: .integer(8)), "mixtures of experts"),
            (llama.replacing("llama.attention.sliding_window", by: .integer(8)), "sliding window"),
            (llama.replacing("llama.rope.dimension_count", by: .integer(4)), "rotating 4 of 8 places"),
            (llama.replacing("llama.attention.head_count_kv", by: .array([.integer(1)])), "one value for each layer"),
            (llama.replacing("llama.block_count", by: nil), "key llama.block_count: the key is missing"),
            (llama.replacing("llama.block_count", by: .text("1")), "expected a whole number"),
            (llama.replacing("llama.block_count", by: .integer(2)), "model.layers.1.input_layernorm.weight"),
            (llama.replacing("llama.attention.head_count", by: .integer(3)), "3 heads cannot share 2"),
            (
                llama.replacing("llama.feed_forward_length", by: .integer(60)),
                "the shape is [64, 32], expected [60, 32]"
            ),
            (llama.replacing("llama.block_count", by: .integer(0)), "the number of layers is 0"),
            (llama.replacing("llama.rope.freq_base", by: .float(.nan)), "the RoPE base is nan"),
            (llama.renaming("token_embd.weight", to: "x"), "tensor token_embd.weight: there is no such tensor"),
            (llama.renaming("blk.0.attn_v.weight", to: "output_norm.weight"), "the name is there twice"),
            (llama.replacing("general.alignment", by: .integer(12)), "general.alignment is 12"),
            (GGUFBuilder(version: 1), "GGUF version 1"),
            (GGUFBuilder(version: UInt32(3).byteSwapped), "big-endian"),
        ]
        for (builder, message) in cases {
            let error = #expect(throws: ModelFileError.self) { try open(builder) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "") for \(message)")
            #expect(error?.file.hasSuffix("m.gguf") == true)
        }
    }

    @Test("A tokenizer that is not supported is refused by name, when it is asked for")
    func tokenizerRefusals() throws {
        let llama = GGUFBuilder.llama()
        let cases: [(GGUFBuilder, String)] = [
            (llama.replacing("tokenizer.ggml.model", by: .text("llama")), "the tokenizer llama is not supported"),
            (llama.replacing("tokenizer.ggml.pre", by: .text("tekken")), "the pre-tokeniser tekken is not supported"),
            (llama.replacing("tokenizer.ggml.pre", by: nil), "the pre-tokeniser (none) is not supported"),
            (llama.replacing("tokenizer.ggml.tokens", by: nil), "tokenizer.ggml.tokens: expected a list of texts"),
            (llama.replacing("tokenizer.ggml.token_type", by: .array([.integer(1)])), "1 token types for 258 tokens"),
            (llama.replacing("tokenizer.ggml.merges", by: .array([.text("a b c")])), "\"a b c\" is not a pair"),
            (llama.replacing("tokenizer.ggml.merges", by: .array([.text("a z")])), "merge 0"),
        ]
        for (builder, message) in cases {
            let model = try open(builder)
            let error = #expect(throws: ModelFileError.self) { try model.tokenizer }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "") for \(message)")
        }
        #expect(throws: ModelFileError.self) {
            try open(llama.replacing("tokenizer.chat_template", by: .text("{{ x }}"))).chatTemplate
        }
        let error = #expect(throws: ModelFileError.self) {
            try open(llama.replacing("tokenizer.chat_template", by: nil)).chatTemplate
        }
        #expect(error?.message == "the model has no chat template")
    }

    @Test("A file cut anywhere is an error", arguments: 0..<50)
    func truncation(part: Int) throws {
        let bytes = GGUFBuilder.llama().bytes
        let path = try folder.write("m.gguf", bytes.prefix(bytes.count * part / 50))
        let error = #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
        #expect(error.map { [.truncated, .malformed].contains($0.code) } == true)
    }

    @Test("Corrupted bytes give an error or a model, never a crash", arguments: 0..<200)
    func fuzz(seed: Int) throws {
        var bytes = GGUFBuilder.llama().bytes
        var random = SplitMix64(seed: UInt64(seed))
        // Mostly the header, where everything can go wrong.
        bytes.corrupt(with: &random, before: seed % 4 == 0 ? .max : 8000)
        let path = try folder.write("m.gguf", bytes)
        guard let model = try? ModelFile.open(path) else { return }
        for name in model.tensorNames { _ = try? model.floats(name) }
        _ = try? model.tokenizer.encode("a1 b")
        _ = try? model.chatTemplate
    }

    @Test("Reading into the wrong number of places is an error")
    func places() throws {
        let model = try open(.llama())
        var floats = [Float](repeating: 0, count: 31)
        let error = #expect(throws: ModelFileError.self) {
            try floats.withUnsafeMutableBufferPointer { try model.readFloats("model.norm.weight", into: $0) }
        }
        #expect(error?.code == .shapeMismatch)
        #expect(throws: ModelFileError.self) {
            try floats.withUnsafeMutableBufferPointer { try model.readFloats("nothing", into: $0) }
        }
    }
}
