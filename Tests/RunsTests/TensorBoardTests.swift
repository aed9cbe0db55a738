// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Runs

struct CRC32CTests {
    /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
    static let vectors: [([UInt8], UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
    ]

    @Test(arguments: vectors)
    func knownVectors(bytes: [UInt8], sum: UInt32) {
        #expect(CRC32C.checksum(bytes) == sum)
    }

    /// From leveldb's `crc32c_test.cc`: masking changes the value and is not idempotent.
    @Test("Masking rotates by 15 and adds the constant")
    func masks() {
        let sum = CRC32C.checksum(Array("foo".utf8))
        let masked = CRC32C.masked(Array("foo".utf8))
        #expect(masked != sum)
        let rotated = masked &- 0xA282_EAD8
        #expect((rotated >> 17) | (rotated << 15) == sum)
    }
}

struct TensorBoardTests {
    let folder: TemporaryFolder
    var writer: TensorBoardWriter { TensorBoardWriter(folder.url.appendingPathComponent("tensorboard")) }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func bytes() throws -> [UInt8] {
        let name = try #require(try folder.names("tensorboard").first)
        return try Array(Data(contentsOf: writer.url.appendingPathComponent(name)))
    }

    private func steps(in bytes: [UInt8]) -> [Int] {
        var steps: [Int] = []
        var start = 0
        while start < bytes.count {
            let count = Int(UInt64(littleEndian: bytes[start..<(start + 8)]))
            steps.append(TensorBoardEvent.step(in: bytes[(start + 12)..<(start + 12 + count)]) ?? -1)
            start += count + 16
        }
        return steps
    }

    /// Written by tensorboard 2.21.0's `RecordWriter` from its own `Event` messages.
    private static let golden =
        "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d"
        + "3200000000000000241956ec0900002040fc54d94110ac022a240a0e0a076c6f73732f6b6c15000000000a120a0b"
        + "7265776172642f6d65616e150000003f2592819f"

    @Test("Records are TensorBoard's own, byte for byte")
    func golden() {
        let version = TensorBoardEvent(wallTime: 1.7e9, fileVersion: "brain.Event:2")
        let step = TensorBoardEvent(
            wallTime: 1.7e9 + 0.5,
            step: 300,
            scalars: [.init(tag: "loss/kl", value: 0), .init(tag: "reward/mean", value: 0.5)]
        )
        let bytes = TensorBoardWriter.record(version.bytes) + TensorBoardWriter.record(step.bytes)
        let hex = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        #expect(hex == Self.golden)
    }

    @Test("One file a run, one event a step, the format's name first")
    func writesSteps() throws {
        try writer.append(StepMetrics(step: 0, values: ["held_out/mean": 0.25]), at: Date(timeIntervalSince1970: 7))
        try writer.append(StepMetrics(step: 300, values: ["reward/mean": 0.5]), at: Date(timeIntervalSince1970: 8))
        #expect(try folder.names("tensorboard") == ["events.out.tfevents.7.rubrics"])
        #expect(steps(in: try bytes()) == [0, 0, 300])
    }

    @Test("Truncating cuts later steps and what is torn", arguments: 0...60)
    func truncates(cut: Int) throws {
        for step in 0...4 {
            try writer.append(StepMetrics(step: step, values: ["a": Double(step)]), at: Date(timeIntervalSince1970: 7))
        }
        let whole = try bytes()
        let name = try #require(try folder.names("tensorboard").first)
        try Data(whole.dropLast(cut)).write(to: writer.url.appendingPathComponent(name))
        try writer.truncate(after: 2)
        #expect(steps(in: try bytes()) == [0, 0, 1, 2])
        try writer.append(StepMetrics(step: 3, values: ["a": 3]), at: Date(timeIntervalSince1970: 7))
        try writer.append(StepMetrics(step: 4, values: ["a": 4]), at: Date(timeIntervalSince1970: 7))
        #expect(try bytes() == whole)
    }

    @Test("A flipped bit ends the sound part of the file")
    func detectsDamage() throws {
        for step in 1...3 {
            try writer.append(StepMetrics(step: step, values: ["a": 1]), at: Date(timeIntervalSince1970: 7))
        }
        var bytes = try bytes()
        let whole = TensorBoardWriter.end(of: bytes, keepingUpTo: 9)
        #expect(whole == bytes.count)
        bytes[bytes.count - 6] ^= 1
        #expect(TensorBoardWriter.end(of: bytes, keepingUpTo: 9) < whole)
    }
}
