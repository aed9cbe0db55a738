// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Policies

struct ModelFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let config: JSONValue = [
        "model_type": "llama", "vocab_size": 10, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
        "num_attention_heads": 2, "rope_theta": 5e5, "tie_word_embeddings": true, "eos_token_id": [1, 2],
    ]

    private func configuration(_ changes: JSONObject = [:]) throws -> ModelConfiguration {
        var json = try #require(Self.config.object)
        for (key, value) in changes.members { json[key] = value }
        return try ModelConfiguration(
            huggingFace: ConfigurationReader(json: .object(json), file: "config.json"),
            generation: nil
        )
    }

    @Test("Keys that are missing have the defaults of transformers")
    func defaults() throws {
        let configuration = try configuration()
        #expect(configuration.kvHeads == 2)
        #expect(configuration.headDimension == 4)
        #expect(configuration.rmsNormEps == 1e-6)
        #expect(configuration.ropeTheta == 500_000)
        #expect(configuration.eosIDs == [1, 2])
        #expect(!configuration.attentionBias && !configuration.qkNorm)
        let qwen3 = try self.configuration(["model_type": "qwen3", "head_dim": nil])
        #expect(qwen3.headDimension == 128 && qwen3.qkNorm)
        #expect(try self.configuration(["model_type": "qwen2"]).attentionBias)
        let v5 = try self.configuration([
            "rope_theta": nil, "rope_parameters": ["rope_type": "default", "rope_theta": 7],
        ])
        #expect(v5.ropeTheta == 7)
    }

    static let refusals: [(JSONObject, String)] = [
        (["model_type": "mixtral"], "the architecture mixtral is not supported; llama, qwen2, qwen3 are"),
        (["model_type": nil], "the key is missing"),
        (["hidden_act": "gelu"], "the activation gelu"),
        (["rope_scaling": ["rope_type": "llama3", "factor": 8]], "RoPE scaling of kind llama3"),
        (["rope_scaling": ["type": "linear"]], "RoPE scaling of kind linear"),
        (["rope_parameters": ["rope_type": "yarn", "rope_theta": 1]], "RoPE scaling of kind yarn"),
        (["model_type": "qwen2", "use_sliding_window": true], "sliding window"),
        (["model_type": "qwen3", "layer_types": ["full_attention", "sliding_attention"]], "sliding_attention layers"),
        (["attention_bias": true], "a bias in all four"),
        (["mlp_bias": true], "feed-forward"),
        (["num_local_experts": 8], "mixtures of experts"),
        (["quantization_config": ["quant_method": "gptq"]], "quantised"),
        (["partial_rotary_factor": 0.5], "rotating a part"),
        (["hidden_size": "8"], "key \"hidden_size\": expected a whole number"),
        (["hidden_size": nil], "key \"hidden_size\": the key is missing"),
        (["hidden_size": -8], "the hidden size is -8"),
        (["vocab_size": 9_007_199_254_740_993], "the vocabulary size is"),
        (["num_key_value_heads": 3], "2 heads cannot share 3"),
        (["head_dim": 3], "the head dimension 3 is odd"),
        (["rms_norm_eps": 0], "epsilon is 0.0"),
        (["eos_token_id": "x"], "expected a token id"),
        (["tie_word_embeddings": 1], "expected true or false"),
    ]

    @Test("What is not supported, missing or senseless is refused by name", arguments: refusals.indices)
    func refusal(index: Int) throws {
        let (changes, message) = Self.refusals[index]
        let error = #expect(throws: ModelFileError.self) { try configuration(changes) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.file == "config.json")
    }

    @Test("A configuration is written as it is read", arguments: ModelConfiguration.Architecture.allCases)
    func configurationRoundTrip(architecture: ModelConfiguration.Architecture) throws {
        let configuration = ModelConfiguration(
            architecture: architecture,
            vocabularySize: 11,
            hiddenSize: 8,
            intermediateSize: 12,
            layers: 2,
            heads: 4,
            kvHeads: 2,
            headDimension: 6,
            ropeTheta: 1e6,
            rmsNormEps: 1e-5,
            maxPositions: 77,
            tiedEmbeddings: true,
            eosIDs: [3, 1],
            bosID: 2,
            padID: 0
        )
        let json = configuration.huggingFaceJSON(weights: .bf16)
        let read = try ModelConfiguration(
            huggingFace: ConfigurationReader(json: json, file: "config.json"),
            generation: ConfigurationReader(json: configuration.generationJSON, file: "generation_config.json")
        )
        #expect(read == configuration)
        #expect(configuration.generationJSON["do_sample"] == true)
    }

    /// Writes a small model with weights 0, 1, 2, … and gives its folder.
    private func model(_ name: String, shards: Int = 1) throws -> String {
        let path = folder.path(name)
        let configuration = try configuration()
        try ModelFile.save(
            to: path,
            configuration: configuration,
            tokenizer: try Tokenizer(directory: Goldens.directory("gpt2")),
            chatTemplate: "{{ x }}",
            format: .f32
        ) { name, append in
            let count = configuration.weights.first { $0.name == name }?.shape.reduce(1, *) ?? 0
            try (0..<count).map { Float($0) }.withUnsafeBufferPointer(append)
        }
        return path
    }

    @Test("A saved model is read back")
    func saved() throws {
        let model = try ModelFile.open(try model("m"))
        #expect(model.configuration == (try configuration()))
        #expect(try model.floats("model.norm.weight") == (0..<8).map { Float($0) })
        #expect(model.tensorNames == (try configuration()).weights.map(\.name).sorted())
        #expect(model.chatTemplateSource == "{{ x }}")
        #expect(
            try model.tokenizer.encode("Hi there") == Tokenizer(directory: Goldens.directory("gpt2")).encode("Hi there")
        )
    }

    @Test("A sharded model is read through its index, and each fault of it is located")
    func shards() throws {
        let path = try model("m")
        let url = URL(fileURLWithPath: path)
        let whole = try ModelFile.open(path)
        var map = JSONObject()
        for (index, names) in [whole.tensorNames.prefix(4), whole.tensorNames.dropFirst(4)].enumerated() {
            let shard = "model-0000\(index + 1)-of-00002.safetensors"
            let writer = try SafetensorsWriter(
                path: url.appendingPathComponent(shard).path,
                tensors: names.map { ($0, whole.shape(of: $0) ?? []) },
                format: .f32
            )
            for name in names {
                try whole.floats(name).withUnsafeBufferPointer(writer.append)
                map[name] = .string(shard)
            }
            try writer.finish()
        }
        try FileManager.default.removeItem(at: url.appendingPathComponent("model.safetensors"))
        func write(_ map: JSONObject) throws {
            try folder.write("m/model.safetensors.index.json", JSONValue.object(["weight_map": .object(map)]))
        }
        try write(map)
        let sharded = try ModelFile.open(path)
        #expect(sharded.tensorNames == whole.tensorNames)
        #expect(try sharded.floats("model.norm.weight") == (0..<8).map { Float($0) })

        var wrong = map
        wrong["model.norm.weight"] = .string("model-00001-of-00002.safetensors")
        try write(wrong)
        let misplaced = #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
        #expect(misplaced?.description.contains("tensor model.norm.weight: the index says it is here") == true)
        wrong["model.norm.weight"] = nil
        try write(wrong)
        #expect(#expect(throws: ModelFileError.self) { try ModelFile.open(path) }?.code == .missingTensor)
        wrong["model.norm.weight"] = .string("../secret.safetensors")
        try write(wrong)
        #expect(#expect(throws: ModelFileError.self) { try ModelFile.open(path) }?.code == .malformed)
        wrong["model.norm.weight"] = .string("model-00003-of-00002.safetensors")
        try write(wrong)
        #expect(#expect(throws: ModelFileError.self) { try ModelFile.open(path) }?.code == .notFound)
    }

    @Test("Paths that are no model say what is missing")
    func missing() throws {
        let cases = [
            (folder.path("none"), "there is no such file"), (folder.url.path, "the directory holds no config.json"),
            (try folder.write("text.gguf", Array("hello there".utf8)), "does not start with \"GGUF\""),
            (try folder.write("empty.gguf", []), "does not start with \"GGUF\""),
        ]
        for (path, message) in cases {
            let error = #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
            #expect(error?.description.contains(message) == true)
            #expect(error?.remedy != nil)
        }
        let path = try model("m")
        try FileManager.default.removeItem(atPath: path + "/tokenizer.json")
        let model = try ModelFile.open(path)
        #expect(throws: ModelFileError.self) { try model.tokenizer }
        try FileManager.default.removeItem(atPath: path + "/model.safetensors")
        #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
    }

    @Test("A wrong shape or dtype names file and tensor")
    func wrongWeights() throws {
        let path = try model("m")
        var config = try #require(Self.config.object)
        config["intermediate_size"] = 13
        try folder.write("m/config.json", .object(config))
        let error = #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
        #expect(error?.code == .shapeMismatch)
        #expect(error?.file.hasSuffix("model.safetensors") == true)
        #expect(error?.description.contains("the shape is [12, 8], expected [13, 8]") == true)
    }

    @Test("SmolLM2's weights are those of gguf and transformers", .enabled(if: Goldens.model != nil))
    func smolLM2() throws {
        let model = try ModelFile.open(try #require(Goldens.model))
        #expect(model.configuration.layers == 30 && model.configuration.heads == 9 && model.configuration.kvHeads == 3)
        #expect(model.configuration.hiddenSize == 576 && model.configuration.vocabularySize == 49_152)
        #expect(model.configuration.eosIDs == [2] && model.configuration.tiedEmbeddings)
        #expect(try model.chatTemplate.defaultSystemMessage?.contains("SmolLM") == true)
        let golden = try #require(try Goldens.json("weights.json")["smollm2"]?.object)
        for (name, expected) in golden.members {
            #expect(model.shape(of: name) == expected["shape"]?.array?.compactMap(\.int))
            #expect(Self.sums(try model.floats(name)) == expected["sums"]?.array?.compactMap(\.double), "\(name)")
        }
    }

    /// As in Scripts/goldens/tokenizer.py.
    private static func sums(_ floats: [Float]) -> [Double] {
        var sums = (squares: 0.0, places: 0.0)
        floats.withUnsafeBufferPointer { floats in
            for index in floats.indices {
                let value = Double(floats[index])
                sums.squares += value * value
                sums.places += value * Double(index % 1021)
            }
        }
        return [sums.squares, sums.places]
    }
}
