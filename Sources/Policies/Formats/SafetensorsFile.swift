// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// A safetensors file, mapped into memory: https://huggingface.co/docs/safetensors.
package struct SafetensorsFile: Sendable {
    /// The tensors, in the order of their bytes.
    package let tensors: [StoredTensor]
    /// What the writer noted, for example `format: pt`.
    package let metadata: [String: String]
    package let file: MappedFile

    /// As in the reference implementation, so that a corrupt length cannot make us parse gigabytes.
    private static let maximumHeader = 100_000_000

    /// Maps a file and validates its header: every byte belongs to exactly one tensor.
    ///
    /// - Throws: ``ModelFileError`` or `DocumentError` that names the file, the tensor and what is wrong.
    package init(path: String) throws {
        file = try MappedFile(path: path)
        let header = try Self.header(of: file)
        let json = try file.withBytes(header) { try JSONParser.parse($0, file: path) }
        guard let members = json.object?.members else {
            let message = "the header is \(json.kind), expected a mapping"
            throw ModelFileError(.malformed, file: path, place: "byte 8", message)
        }
        metadata = (json["__metadata__"]?.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.string }
        tensors = try members.filter { !$0.key.isExactly("__metadata__") }
            .map { try Self.tensor($0.key, $0.value, after: header.upperBound, path: path) }
            .sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try Self.validate(tensors, from: header.upperBound, file)
    }

    /// The bytes of the JSON header.
    private static func header(of file: MappedFile) throws -> Range<Int> {
        let again = "download or save the file again"
        guard file.count >= 8 else {
            throw ModelFileError(
                .truncated,
                file: file.path,
                "the file has \(file.count) bytes, too few for the length of its header",
                remedy: again
            )
        }
        let length = file.withBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= maximumHeader else {
            throw ModelFileError(
                .malformed,
                file: file.path,
                place: "byte 0",
                "the header's length is \(length), more than \(maximumHeader)",
                remedy: "is this a safetensors file? \(again)"
            )
        }
        guard length <= file.count - 8 else {
            throw ModelFileError(
                .truncated,
                file: file.path,
                place: "byte 0",
                "the header is said to have \(length) bytes, but the file ends after \(file.count)",
                remedy: again
            )
        }
        return 8..<8 + Int(length)
    }

    private static func tensor(
        _ name: String,
        _ value: JSONValue,
        after start: Int,
        path: String
    ) throws -> StoredTensor {
        func malformed(_ message: String) -> ModelFileError {
            ModelFileError(.malformed, file: path, place: "tensor \(name)", message)
        }
        guard let dtype = value["dtype"]?.string else { throw malformed("the header gives no dtype") }
        guard let format = TensorFormat(rawValue: dtype), format.blockElements == 1 else {
            throw ModelFileError(
                .unsupported,
                file: path,
                place: "tensor \(name)",
                "unknown dtype \(dtype)",
                remedy: "save the model with dtype float32, float16 or bfloat16"
            )
        }
        let sizes = value["shape"]?.array
        let shape = sizes?.compactMap(\.int).filter { $0 >= 0 } ?? []
        guard let sizes, sizes.count == shape.count else {
            throw malformed("the header gives no shape of whole numbers")
        }
        let offsets = value["data_offsets"]?.array?.compactMap(\.int) ?? []
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= Int.max - start else {
            throw malformed("data_offsets are not two offsets in order")
        }
        let bytes = shape.multipliedWithoutOverflow(by: format.blockBytes)
        guard bytes == offsets[1] - offsets[0] else {
            let given = offsets[1] - offsets[0]
            throw malformed("\(dtype) \(shape) does not have the \(given) bytes that data_offsets give")
        }
        return StoredTensor(name: name, format: format, shape: shape, range: start + offsets[0]..<start + offsets[1])
    }

    private static func validate(_ tensors: [StoredTensor], from start: Int, _ file: MappedFile) throws {
        var end = start
        for tensor in tensors {
            guard tensor.range.lowerBound == end else {
                let fault = tensor.range.lowerBound < end ? "overlaps the tensor before it" : "leaves a hole before it"
                let message = "byte \(tensor.range.lowerBound) \(fault)"
                throw ModelFileError(.malformed, file: file.path, place: "tensor \(tensor.name)", message)
            }
            end = tensor.range.upperBound
        }
        guard end <= file.count else {
            throw ModelFileError(
                .truncated,
                file: file.path,
                place: tensors.first { $0.range.upperBound > file.count }.map { "tensor \($0.name)" },
                "the file ends after \(file.count) of \(end) bytes",
                remedy: "download or save the file again"
            )
        }
        guard end == file.count else {
            throw ModelFileError(
                .malformed,
                file: file.path,
                place: "byte \(end)",
                "\(file.count - end) bytes belong to no tensor"
            )
        }
    }
}

extension [Int] {
    /// The product of all elements and `factor`, or `nil` when it does not fit.
    func multipliedWithoutOverflow(by factor: Int) -> Int? {
        var product = factor
        for element in self {
            let (value, overflows) = product.multipliedReportingOverflow(by: element)
            guard !overflows else { return nil }
            product = value
        }
        return product
    }
}

extension SafetensorsFile {
    /// Runs `body` with a tensor's bytes, row-major and little-endian, where they are mapped.
    package func withBytes<Result>(
        of tensor: StoredTensor,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try file.withBytes(tensor.range, body)
    }
}
