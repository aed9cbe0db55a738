// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Scalars of a run in the event file that TensorBoard reads, one file a run.
package struct TensorBoardWriter: Sendable, Hashable {
    /// The folder to give to `tensorboard --logdir`.
    package let url: URL
    private static let prefix = "events.out.tfevents."

    /// Names the folder; it is made by the first append.
    package init(_ url: URL) {
        self.url = url
    }

    /// Appends a step's scalars.
    ///
    /// - Parameters:
    ///   - metrics: The step and its values; values that are not finite are written as they are.
    ///   - wallTime: When the step ended.
    /// - Throws: ``RunError``; the file then ends where it ended before.
    package func append(_ metrics: StepMetrics, at wallTime: Date) throws {
        let seconds = wallTime.timeIntervalSince1970
        let scalars = metrics.ordered.map { TensorBoardEvent.Scalar(tag: $0.name, value: Float($0.value)) }
        let event = TensorBoardEvent(wallTime: seconds, step: metrics.step, scalars: scalars)
        let version = TensorBoardEvent(wallTime: seconds, fileVersion: "brain.Event:2")
        let fresh = url.appendingPathComponent("\(Self.prefix)\(Int(seconds)).rubrics")
        try append(Self.record(event.bytes), to: eventFile() ?? fresh, opening: Self.record(version.bytes))
    }

    /// Cuts every event after a step, and what a kill left half written.
    package func truncate(after step: Int) throws {
        guard let events = try eventFile() else { return }
        let bytes = try DurableFile.read(events)
        let end = Self.end(of: bytes, keepingUpTo: step)
        guard end < bytes.count else { return }
        let file = try OpenFile(events, O_RDWR)
        try file.truncate(to: end)
        try file.synchronize()
    }

    private func eventFile() throws -> URL? {
        let name = try DurableFile.names(in: url).first { $0.hasPrefix(Self.prefix) }
        return name.map { url.appendingPathComponent($0) }
    }

    /// Appends records; a file that holds nothing gets its opening record first.
    private func append(_ bytes: [UInt8], to events: URL, opening: [UInt8]) throws {
        try DurableFile.makeFolder(url)
        let file = try OpenFile(events, O_WRONLY | O_CREAT | O_APPEND)
        let end = try file.size
        do {
            try file.write(end == 0 ? opening + bytes : bytes)
            try file.synchronize()
        } catch {
            try? file.truncate(to: end)
            throw error
        }
    }
}

extension TensorBoardWriter {
    /// A TFRecord: length, its masked checksum, the data, its masked checksum.
    static func record(_ data: [UInt8]) -> [UInt8] {
        let length = UInt64(data.count).littleEndianBytes
        let framing = CRC32C.masked(length).littleEndianBytes
        return length + framing + data + CRC32C.masked(data).littleEndianBytes
    }

    /// Where the whole, sound records up to a step end.
    static func end(of bytes: [UInt8], keepingUpTo step: Int) -> Int {
        var end = 0
        while let data = data(ofRecordAt: end, in: bytes) {
            guard let own = TensorBoardEvent.step(in: data), own <= step else { break }
            end = data.endIndex + 4
        }
        return end
    }

    private static func data(ofRecordAt start: Int, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        guard bytes.count >= start + 12 else { return nil }
        let length = bytes[start..<(start + 8)]
        guard CRC32C.masked(length) == UInt32(littleEndian: bytes[(start + 8)..<(start + 12)]),
            let count = Int(exactly: UInt64(littleEndian: length)), count <= bytes.count - start - 16
        else { return nil }
        let data = bytes[(start + 12)..<(start + 12 + count)]
        let sum = UInt32(littleEndian: bytes[data.endIndex..<(data.endIndex + 4)])
        return CRC32C.masked(data) == sum ? data : nil
    }
}
