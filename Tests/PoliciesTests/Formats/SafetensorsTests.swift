// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Policies

struct SafetensorsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(_ header: String, data: Int, length: UInt64? = nil) throws -> String {
        let text = Array(header.utf8)
        let length = withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Array($0) }
        return try folder.write("m.safetensors", length + text + (0..<data).map { UInt8(truncatingIfNeeded: $0) })
    }

    @Test("What is written is read back", arguments: [TensorFormat.f32, .bf16])
    func roundTrip(format: TensorFormat) throws {
        let path = folder.path("w.safetensors")
        let tensors = [("b", [2, 3]), ("a\u{301}", [4]), ("empty", [0, 5]), ("scalar", [])]
        let writer = try SafetensorsWriter(path: path, tensors: tensors, format: format)
        let floats: [Float] = [1, -2, 0.5, 3, 4, 5, 6, 7, 8, 9, -0.25]
        try floats[..<4].withUnsafeBufferPointer(writer.append)
        #expect(!FileManager.default.fileExists(atPath: path))
        try floats[4...].withUnsafeBufferPointer(writer.append)
        try writer.finish()
        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == ["format": "pt"])
        #expect(file.tensors.map(\.name) == ["b", "a\u{301}", "empty", "scalar"])
        #expect(file.tensors.map(\.shape) == tensors.map(\.1))
        var read = [Float](repeating: 0, count: 6)
        file.file.withBytes(file.tensors[0].range) { bytes in
            read.withUnsafeMutableBufferPointer { format.decodeFloats(from: bytes, into: $0) }
        }
        #expect(read == Array(floats[..<6]))
    }

    @Test("An unfinished file leaves nothing behind, and the old one as it was")
    func unfinished() throws {
        let path = try folder.write("w.safetensors", Array("old".utf8))
        do {
            let writer = try SafetensorsWriter(path: path, tensors: [("a", [2])], format: .f32)
            _ = writer
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["w.safetensors"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
    }

    @Test("A full disk is an error that says so", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
        let path = folder.path("w.safetensors")
        try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
        let error = #expect(throws: ModelFileError.self) {
            let writer = try SafetensorsWriter(path: path, tensors: [("a", [2])], format: .f32)
            try [Float](repeating: 0, count: 2).withUnsafeBufferPointer(writer.append)
            try writer.finish()
        }
        #expect(error?.code == .writeFailed)
        #expect(error?.remedy == "is the disk full?")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A missing directory is an error, not a crash")
    func missingDirectory() {
        #expect(throws: ModelFileError.self) {
            try SafetensorsWriter(path: folder.path("no/w.safetensors"), tensors: [], format: .f32)
        }
    }

    static let bad: [(header: String, data: Int, code: ModelFileError.Code, says: String)] = [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, .truncated, "tensor a: the file ends after"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, .malformed, "1 bytes belong to no tensor"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, .malformed, "tensor a: F32 [2] does not have"),
        (#"{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#, 8, .unsupported, "unknown dtype F31"),
        (#"{"a":{"dtype":"Q8_0","shape":[32],"data_offsets":[0,34]}}"#, 34, .unsupported, "unknown dtype Q8_0"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, .malformed, "no shape of whole numbers"),
        (#"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, 8, .malformed, "no shape of whole numbers"),
        (#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, 8, .malformed, "no shape"),
        (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8, .malformed, "no dtype"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, .malformed, "two offsets in order"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, .malformed, "two offsets in order"),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, .malformed,
            "does not have"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
            12, .malformed, "tensor b: byte "
        ),
        (#"{"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, .malformed, "leaves a hole"),
        ("[]", 0, .malformed, "the header is a list"),
    ]

    @Test("A file that contradicts itself is a located error", arguments: bad.indices)
    func contradictions(index: Int) throws {
        let bad = Self.bad[index]
        let path = try file(bad.header, data: bad.data)
        let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: path) }
        #expect(error?.code == bad.code)
        #expect(error?.description.contains(bad.says) == true, "\(error?.description ?? "")")
        #expect(error?.file == path)
    }

    @Test("A huge header, a long one, a short file and text instead of JSON are errors")
    func headers() throws {
        let cases: [(length: UInt64?, header: String, code: ModelFileError.Code?)] = [
            (.max, "{}", .malformed), (100_000_001, "{}", .malformed), (3, "{}", .truncated), (nil, "{", nil),
            (nil, "", nil), (nil, #"{"a":1,"a":2}"#, nil),
        ]
        for (length, header, code) in cases {
            let path = try file(header, data: 0, length: length)
            let error = #expect(throws: (any Error).self) { try SafetensorsFile(path: path) }
            #expect((error as? ModelFileError)?.code == code)
            #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(path))
        }
        let short = try folder.write("short", [1, 2, 3])
        #expect(throws: ModelFileError.self) { try SafetensorsFile(path: short) }
        #expect(throws: ModelFileError.self) { try SafetensorsFile(path: try folder.write("none", [])) }
        #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder.path("missing")) }
        #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder.url.path) }
    }

    @Test("Corrupted bytes give an error or a file, never a crash", arguments: 0..<200)
    func fuzz(seed: Int) throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"#
            + #""data_offsets":[24,32]}}"#
        let path = try file(header, data: 32)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var random = SplitMix64(seed: UInt64(seed))
        bytes.corrupt(with: &random)
        try folder.write("m.safetensors", bytes)
        if let file = try? SafetensorsFile(path: path) {
            for tensor in file.tensors { #expect(tensor.range.upperBound <= file.file.count) }
        }
    }
}

extension [UInt8] {
    /// Changes up to eight bytes, and cuts the end off one time in four.
    mutating func corrupt(with random: inout SplitMix64, before end: Int = .max) {
        for _ in 0..<1 + random.next() % 8 {
            self[Int(random.next() % UInt64(Swift.min(count, end)))] = UInt8(truncatingIfNeeded: random.next())
        }
        if random.next() % 4 == 0 { removeLast(Int(random.next() % UInt64(count))) }
    }
}
