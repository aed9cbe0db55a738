// SPDX-License-Identifier: Apache-2.0

public import Tensors

/// A decoder-only transformer of the llama family; qwen2 and qwen3 differ by flags of the configuration.
///
/// q, k and v are one matrix here, and so are gate and up: the larger product runs faster. Files keep them apart.
public struct DecoderModel {
    /// One transformer layer's parameters.
    struct Layer {
        var attentionNorm: Parameter
        /// [(heads + 2 · kv heads) · d, width].
        var qkv: Parameter
        var qkvBias: Parameter?
        var queryNorm: Parameter?
        var keyNorm: Parameter?
        /// [width, heads · d].
        var attentionOutput: Parameter
        var feedForwardNorm: Parameter
        /// [2 · feed-forward width, width].
        var gateUp: Parameter
        /// [width, feed-forward width].
        var down: Parameter

        var parameters: [Parameter] {
            [attentionNorm, qkv, attentionOutput, feedForwardNorm, gateUp, down]
                + [qkvBias, queryNorm, keyNorm].compactMap(\.self)
        }
    }

    /// The sizes and flags.
    public let configuration: ModelConfiguration
    /// The type that matrices compute in.
    public let computeType: DType
    let embedding: Parameter
    let layers: [Layer]
    let finalNorm: Parameter
    /// The output matrix; the embedding where they are tied.
    let outputMatrix: Parameter
    let rotary: RotaryTable

    /// Every parameter once, in a fixed order.
    public var parameters: [Parameter] {
        [embedding] + layers.flatMap(\.parameters) + [finalNorm]
            + (configuration.tiedEmbeddings ? [] : [outputMatrix])
    }

    /// The engine that owns the tensors.
    public var engine: TorchEngine { embedding.working.engine }
    /// Where the tensors live.
    public var device: Device { embedding.working.device }
}

extension DecoderModel {
    /// What a model is loaded for.
    public enum Purpose: Sendable, Hashable {
        /// fp32 master values, gradient buffers, and a working copy where the compute type differs.
        case training
        /// The working values alone.
        case inference
    }

    /// Reads the parameters of `file`.
    ///
    /// - Parameters:
    ///   - file: The weights.
    ///   - purpose: Whether the model is trained.
    ///   - computeType: `.float32` or `.bfloat16`; norms and biases stay in f32.
    ///   - engine: libtorch.
    ///   - device: Where the tensors live.
    ///   - maximumPositions: How far rotary tables reach; the model's own limit by default.
    /// - Returns: The model.
    /// - Throws: ``ModelFileError`` for a missing tensor, a wrong shape or a value that is not finite, `TensorError` when
    ///   memory runs out.
    public static func load(
        _ file: ModelFile,
        purpose: Purpose,
        computeType: DType,
        engine: TorchEngine,
        device: Device = .cpu,
        maximumPositions: Int? = nil
    ) throws -> DecoderModel {
        let configuration = file.configuration
        let loader = ParameterLoader(
            file: file,
            purpose: purpose,
            computeType: computeType,
            engine: engine,
            device: device
        )
        let embedding = try loader.matrix(.embedding)
        return DecoderModel(
            configuration: configuration,
            computeType: computeType,
            embedding: embedding,
            layers: try (0..<configuration.layers).map { try loader.layer($0) },
            finalNorm: try loader.vector(.finalNorm),
            outputMatrix: configuration.tiedEmbeddings ? embedding : try loader.matrix(.outputMatrix),
            rotary: try RotaryTable(
                positions: min(maximumPositions ?? configuration.maxPositions, configuration.maxPositions),
                headDimension: configuration.headDimension,
                base: configuration.ropeTheta,
                engine: engine,
                device: device
            )
        )
    }
}

/// Turns a file's tensors into parameters.
private struct ParameterLoader {
    let file: ModelFile
    let purpose: DecoderModel.Purpose
    let computeType: DType
    let engine: TorchEngine
    let device: Device

    func layer(_ index: Int) throws -> DecoderModel.Layer {
        let configuration = file.configuration
        return DecoderModel.Layer(
            attentionNorm: try vector(.attentionNorm(index)),
            qkv: try matrix(.qkv(index)),
            qkvBias: configuration.attentionBias ? try vector(.qkvBias(index)) : nil,
            queryNorm: configuration.qkNorm ? try vector(.queryNorm(index)) : nil,
            keyNorm: configuration.qkNorm ? try vector(.keyNorm(index)) : nil,
            attentionOutput: try matrix(.attentionOutput(index)),
            feedForwardNorm: try vector(.feedForwardNorm(index)),
            gateUp: try matrix(.gateUp(index)),
            down: try matrix(.down(index))
        )
    }

    func matrix(_ part: ModelPart) throws -> Parameter { try parameter(part, computeType) }

    func vector(_ part: ModelPart) throws -> Parameter { try parameter(part, .float32) }

    private func parameter(_ part: ModelPart, _ type: DType) throws -> Parameter {
        let pieces = part.pieces(file.configuration)
        var shape = pieces[0].shape
        shape[0] = pieces.reduce(0) { $0 + $1.shape[0] }
        let values = try [Float](unsafeUninitializedCapacity: shape.reduce(1, *)) { buffer, initialized in
            var offset = 0
            for piece in pieces {
                let count = piece.shape.reduce(1, *)
                let part = UnsafeMutableBufferPointer(rebasing: buffer[offset..<offset + count])
                try read(piece, into: part)
                offset += count
            }
            initialized = offset
        }
        let master = try engine.tensor(values, shape: shape, device: device)
        let working = type == .float32 ? master : try master.to(type)
        return Parameter(
            name: part.name,
            master: purpose == .training ? master : working,
            gradient: purpose == .training ? try engine.zeros(shape, device: device) : nil,
            working: working
        )
    }

    private func read(_ piece: ModelPart.Piece, into floats: UnsafeMutableBufferPointer<Float>) throws {
        if let shape = file.shape(of: piece.name), shape != piece.shape {
            throw ModelFileError(
                .shapeMismatch,
                file: file.path,
                place: "tensor \(piece.name)",
                "the shape is \(shape), the configuration asks for \(piece.shape)"
            )
        }
        try file.readFloats(piece.name, into: floats)
        // The largest magnitude's bits; comparing integers lets the compiler use whole vectors.
        let largest = floats.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
        guard largest < Float.infinity.bitPattern else {
            throw ModelFileError(
                .malformed,
                file: file.path,
                place: "tensor \(piece.name)",
                "it holds NaN or infinity",
                remedy: "download the model again, or take an earlier checkpoint"
            )
        }
    }
}
