// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs

/// Where rows are written: a hidden neighbour first, so that what stands in its place is whole.
final class ConversionOutput {
    /// What messages call it.
    let name: String

    private let kind: Kind
    private let temporary: URL
    private var file: FileHandle?
    private var count = 0

    private enum Kind {
        /// Lines of one file.
        case lines(URL)
        /// One rubric in a file.
        case single(URL)
        /// A file a rubric.
        case folder(URL, fileExtension: String)
        /// Standard output, or what is no plain file.
        case stream(FileHandle)
    }

    /// Starts an output.
    ///
    /// - Throws: ``CommandFailure`` when nothing can be written there.
    init(_ argument: String, format: RubricFormat) throws {
        let url = URL(fileURLWithPath: argument)
        kind = try Self.kind(of: argument, url: url, format: format)
        name = argument == "-" ? "standard output" : argument
        let suffix = ".tmp-\(ProcessInfo.processInfo.processIdentifier)"
        if case .stream = kind {
            temporary = FileManager.default.temporaryDirectory.appendingPathComponent("rubrics\(suffix)")
        } else {
            temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent)\(suffix)")
        }
        try start()
    }

    private static func kind(of argument: String, url: URL, format: RubricFormat) throws -> Kind {
        if argument == "-" { return .stream(.standardOutput) }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
        switch format.layout {
        case .lines where isFolder.boolValue:
            throw CommandFailure("\(argument) is a folder: name a file for \(format.rawValue) rows")
        case .lines:
            let type = exists ? try? FileManager.default.attributesOfItem(atPath: argument)[.type] : nil
            let isPlain = [.typeRegular, .typeSymbolicLink].contains(type as? FileAttributeType ?? .typeRegular)
            guard !isPlain, let handle = FileHandle(forWritingAtPath: argument) else { return .lines(url) }
            return .stream(handle)
        case .files(let extensions):
            let isFile = !isFolder.boolValue && !argument.hasSuffix("/") && extensions.contains(url.pathExtension)
            return isFile ? .single(url) : .folder(url, fileExtension: extensions[0])
        }
    }

    private func start() throws {
        do {
            if case .folder = kind {
                try? FileManager.default.removeItem(at: temporary)
                try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
            } else {
                guard FileManager.default.createFile(atPath: temporary.path, contents: nil) else {
                    throw CommandFailure("\(name) cannot be written: check that its folder exists and may be written")
                }
                file = try FileHandle(forWritingTo: temporary)
            }
        } catch {
            throw refusal(error)
        }
    }

    /// Writes a row.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses, and for a second rubric where a file holds one.
    func add(_ row: JSONValue, id: String, by conversion: Conversion) throws {
        count += 1
        do {
            switch kind {
            case .lines, .stream:
                try file?.write(contentsOf: Data(conversion.text(of: row).utf8))
            case .single(let url):
                guard count == 1 else {
                    throw CommandFailure("\(name) holds one rubric, and there are more: name a folder, \(name)/")
                }
                try file?.write(contentsOf: Data(conversion.text(of: row, fileExtension: url.pathExtension).utf8))
            case .folder(_, let fileExtension):
                let file = FileName.name(of: id, fileExtension: fileExtension)
                try Data(conversion.text(of: row).utf8).write(to: temporary.appendingPathComponent(file))
            }
        } catch {
            throw refusal(error)
        }
    }

    /// Puts everything in its place.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func finish() throws {
        do {
            try file?.synchronize()
            try file?.close()
            switch kind {
            case .lines(let url), .single(let url): try DurableFile.rename(temporary, to: url)
            case .folder(let url, _): try moveFiles(to: url)
            case .stream(let stream): try copy(to: stream)
            }
        } catch {
            throw refusal(error)
        }
    }

    /// Leaves what stood there as it was.
    func discard() {
        try? file?.close()
        try? FileManager.default.removeItem(at: temporary)
    }

    private func moveFiles(to folder: URL) throws {
        try DurableFile.makeFolder(folder)
        for name in try DurableFile.names(in: temporary) {
            try DurableFile.rename(temporary.appendingPathComponent(name), to: folder.appendingPathComponent(name))
        }
        try DurableFile.remove(temporary)
    }

    private func copy(to stream: FileHandle) throws {
        let source = try FileHandle(forReadingFrom: temporary)
        while let chunk = try source.read(upToCount: 1 << 18), !chunk.isEmpty { try stream.write(contentsOf: chunk) }
        try source.close()
        try DurableFile.remove(temporary)
    }

    private func refusal(_ error: any Error) -> any Error {
        if error is CommandFailure || error is RunError { return error }
        return CommandFailure("\(name) cannot be written: \(error.localizedDescription)")
    }
}
