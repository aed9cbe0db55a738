// SPDX-License-Identifier: Apache-2.0

/// A GGUF file, mapped into memory: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3.
package struct GGUFFile: Sendable {
    /// The tensors, in file order.
    package let tensors: [StoredTensor]
    /// The metadata, by key.
    package let metadata: [String: GGUFValue]
    package let file: MappedFile

    /// Maps a file and validates its header and where its tensors lie.
    ///
    /// - Throws: ``ModelFileError`` that names the file, the byte or tensor and what is wrong.
    package init(path: String) throws {
        file = try MappedFile(path: path)
        (metadata, tensors) = try file.withBytes { bytes in
            var cursor = GGUFCursor(bytes: bytes, path: path)
            return try Self.contents(&cursor)
        }
        try Self.validate(tensors, file)
    }

    private static func contents(
        _ cursor: inout GGUFCursor
    ) throws -> (metadata: [String: GGUFValue], tensors: [StoredTensor]) {
        try checkVersion(&cursor)
        let tensorCount = try cursor.count(of: "tensors", size: 24)
        let valueCount = try cursor.count(of: "metadata values", size: 13)
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<valueCount {
            let key = try cursor.text()
            guard metadata.updateValue(try cursor.value(), forKey: key) == nil else {
                throw cursor.malformed("the key \(key) is there twice")
            }
        }
        var tensors: [StoredTensor] = []
        for _ in 0..<tensorCount { tensors.append(try tensor(&cursor)) }
        let start = try dataStart(metadata["general.alignment"], cursor)
        for index in tensors.indices {
            let end = tensors[index].range.upperBound.addingReportingOverflow(start)
            guard !end.overflow else { throw cursor.malformed("tensor \(tensors[index].name) lies beyond any file") }
            tensors[index].range = tensors[index].range.lowerBound + start..<end.partialValue
        }
        return (metadata, tensors)
    }

    private static func checkVersion(_ cursor: inout GGUFCursor) throws {
        guard cursor.remaining >= 4, try cursor.integer(UInt32.self) == 0x4655_4747 else {
            throw ModelFileError(
                .malformed,
                file: cursor.path,
                place: "byte 0",
                "the file does not start with \"GGUF\"",
                remedy: "give a .gguf file or a Hugging Face directory"
            )
        }
        let version = try cursor.integer(UInt32.self)
        guard version == 2 || version == 3 else {
            let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
            throw ModelFileError(
                .unsupported,
                file: cursor.path,
                place: "byte 4",
                isSwapped ? "the file is big-endian" : "GGUF version \(version); versions 2 and 3 are supported",
                remedy: "convert the model again with llama.cpp's convert_hf_to_gguf.py"
            )
        }
    }

    private static func dataStart(_ alignment: GGUFValue?, _ cursor: GGUFCursor) throws -> Int {
        let alignment = alignment.map { $0.integer ?? 0 } ?? 32
        guard alignment > 0, alignment % 8 == 0, alignment <= 1 << 20 else {
            throw cursor.malformed("general.alignment is \(alignment), expected a multiple of 8")
        }
        return (cursor.offset + alignment - 1) / alignment * alignment
    }

    // MARK: - Tensors

    /// A tensor with its range counted from the start of the data.
    private static func tensor(_ cursor: inout GGUFCursor) throws -> StoredTensor {
        let name = try cursor.text()
        let dimensions = try cursor.integer(UInt32.self)
        guard (1...4).contains(dimensions) else {
            throw cursor.malformed("tensor \(name) has \(dimensions) dimensions, expected 1 to 4")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions { shape.insert(Int(clamping: try cursor.integer(UInt64.self)), at: 0) }
        let format = try format(of: try cursor.integer(UInt32.self), name, cursor)
        let offset = try cursor.integer(UInt64.self)
        guard let row = shape.last, row % format.blockElements == 0 else {
            let message = "tensor \(name): rows of \(shape.last ?? 0) are not whole \(format.rawValue) blocks"
            throw cursor.malformed(message)
        }
        let blocks = shape.dropLast() + [row / format.blockElements]
        guard let count = Array(blocks).multipliedWithoutOverflow(by: format.blockBytes), offset <= Int.max - count
        else { throw cursor.malformed("tensor \(name) of shape \(shape) at \(offset) lies beyond any file") }
        return StoredTensor(name: name, format: format, shape: shape, range: Int(offset)..<Int(offset) + count)
    }

    private static func format(of type: UInt32, _ tensor: String, _ cursor: GGUFCursor) throws -> TensorFormat {
        if let format = formats[type] { return format }
        guard let name = unsupportedFormats[type] else {
            throw cursor.malformed("tensor \(tensor) has the unknown type \(type)")
        }
        throw ModelFileError(
            .unsupported,
            file: cursor.path,
            place: "tensor \(tensor)",
            "\(name) weights are not supported; F32, F16, BF16, Q8_0, Q4_0 and Q4_1 are",
            remedy: "get the model as Q8_0, or convert it: llama-quantize --allow-requantize IN.gguf OUT.gguf Q8_0"
        )
    }

    private static let formats: [UInt32: TensorFormat] = [
        0: .f32, 1: .f16, 2: .q4zero, 3: .q4one, 8: .q8zero, 24: .i8, 25: .i16, 26: .i32, 27: .i64, 28: .f64, 30: .bf16,
    ]

    /// ggml's other types (ggml.h), to refuse by name.
    private static let unsupportedFormats: [UInt32: String] = [
        6: "Q5_0", 7: "Q5_1", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
        16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS",
        29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4",
    ]

    private static func validate(_ tensors: [StoredTensor], _ file: MappedFile) throws {
        var end = 0
        var names: Set<String> = []
        for tensor in tensors.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let place = "tensor \(tensor.name)"
            guard names.insert(tensor.name).inserted else {
                throw ModelFileError(.malformed, file: file.path, place: place, "the name is there twice")
            }
            guard tensor.range.lowerBound >= end else {
                throw ModelFileError(.malformed, file: file.path, place: place, "its bytes overlap another tensor's")
            }
            guard tensor.range.upperBound <= file.count else {
                throw ModelFileError(
                    .truncated,
                    file: file.path,
                    place: place,
                    "its bytes end at \(tensor.range.upperBound), but the file has \(file.count)",
                    remedy: "download the file again"
                )
            }
            end = tensor.range.upperBound
        }
    }
}
