// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// Writes a safetensors file piece by piece, so that a model is never held twice.
///
/// The file appears under its name when ``finish()`` has brought it to the disk; until then, and after an error, only
/// `NAME.partial` is there, which goes when the writer does.
package final class SafetensorsWriter {
    private let path: String
    private let tensors: [(name: String, shape: [Int])]
    private let format: TensorFormat
    private let handle: FileHandle
    private var isFinished = false
    /// How many elements are still to come.
    private var remaining: Int
    private var buffer: [UInt16] = []

    private var partialPath: String { path + ".partial" }

    /// Writes the header.
    ///
    /// - Parameters:
    ///   - path: The file's path; a file of that name is replaced at the end.
    ///   - tensors: Names and shapes, in the order in which the elements will come.
    ///   - format: How elements are stored: ``TensorFormat/f32``, or ``TensorFormat/bf16`` rounded to nearest even.
    /// - Throws: ``ModelFileError`` when the file cannot be written.
    package init(path: String, tensors: [(name: String, shape: [Int])], format: TensorFormat) throws {
        precondition(format == .f32 || format == .bf16, "F32 and BF16 are written")
        self.path = path
        self.tensors = tensors
        self.format = format
        remaining = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let partial = path + ".partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ModelFileError(
                .writeFailed,
                file: partial,
                "the file cannot be created: \(String(cString: strerror(errno)))",
                remedy: "does the directory exist, and may it be written to?"
            )
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try write(Self.header(tensors, format))
    }

    deinit {
        try? handle.close()
        if !isFinished { try? FileManager.default.removeItem(atPath: partialPath) }
    }

    private static func header(_ tensors: [(name: String, shape: [Int])], _ format: TensorFormat) -> Data {
        var json: JSONObject = ["__metadata__": ["format": "pt"]]
        var end = 0
        for (name, shape) in tensors {
            let start = end
            end += shape.reduce(1, *) * format.blockBytes
            json[name] = [
                "dtype": .string(format.rawValue),
                "shape": .array(shape.map { .integer($0) }),
                "data_offsets": [.integer(start), .integer(end)],
            ]
        }
        var text = Array(JSONValue.object(json).serialized().utf8)
        text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
    }

    /// Writes the next elements: of one tensor, a part of one, or several.
    ///
    /// - Throws: ``ModelFileError`` when the disk is full or the file cannot be written.
    /// - Precondition: There are no more elements than the header says.
    package func append(_ floats: UnsafeBufferPointer<Float>) throws {
        precondition(floats.count <= remaining, "more elements than the header of \(path) says")
        remaining -= floats.count
        var rest = floats[...]
        while !rest.isEmpty {
            let chunk = UnsafeBufferPointer(rebasing: rest.prefix(1 << 20))
            if format == .f32 {
                try write(Data(buffer: chunk))
            } else {
                buffer = chunk.map(\.bfloat16Bits)
                try write(buffer.withUnsafeBytes { Data($0) })
            }
            rest = rest.dropFirst(chunk.count)
        }
    }

    /// Brings the file to the disk and gives it its name.
    ///
    /// - Throws: ``ModelFileError`` when that fails.
    /// - Precondition: All elements are there.
    package func finish() throws {
        precondition(remaining == 0, "\(remaining) elements of \(path) are missing")
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw failure(error)
        }
        guard rename(partialPath, path) == 0 else {
            let reason = String(cString: strerror(errno))
            throw ModelFileError(.writeFailed, file: path, "the finished file cannot be given its name: \(reason)")
        }
        isFinished = true
    }

    private func write(_ data: Data) throws {
        do { try handle.write(contentsOf: data) } catch { throw failure(error) }
    }

    private func failure(_ error: any Error) -> ModelFileError {
        ModelFileError(
            .writeFailed,
            file: partialPath,
            "the file cannot be written: \(error.localizedDescription)",
            remedy: "is the disk full?"
        )
    }
}

extension Float {
    /// The upper half of the bits, rounded to nearest, ties to even; NaN stays NaN.
    package var bfloat16Bits: UInt16 {
        guard !isNaN else { return UInt16(bitPattern >> 16) | 0x40 }
        return UInt16((bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) >> 16)
    }
}
