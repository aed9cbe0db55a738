// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
package import Rubrics
import Synchronization

/// The rows of a table, read while they are asked for.
package struct DuckDBRows: AsyncSequence, Sendable {
    /// A row, or a line that is none.
    package enum Element: Sendable, Hashable {
        /// A row's columns.
        case row(JSONObject)
        /// A line of a CSV file that cannot be read, and why.
        case rejected(line: Int, message: String)
    }

    let program: String
    let file: URL
    let query: String

    /// Starts the program with the first row that is asked for.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(rows: self)
    }

    /// Hands rows over one by one.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private let rows: DuckDBRows
        private var program: TableProgram?
        private var buffer: ArraySlice<UInt8> = []
        private var hasEnded = false

        fileprivate init(rows: DuckDBRows) {
            self.rows = rows
        }

        /// The next row; `nil` after the last.
        ///
        /// - Throws: ``HubError`` when the file cannot be read, `CancellationError`.
        package mutating func next() async throws -> Element? {
            while let line = try await nextLine() {
                if let element = try element(line) { return element }
            }
            return nil
        }

        private mutating func nextLine() async throws -> ArraySlice<UInt8>? {
            let program = try self.program ?? TableProgram(rows)
            self.program = program
            var searched = buffer.startIndex
            while true {
                if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    defer { buffer = buffer[(end + 1)...] }
                    return buffer[..<end]
                }
                guard !hasEnded else { return nil }
                let known = buffer.count
                let more = try await program.read()
                hasEnded = more.isEmpty
                buffer = Array(buffer)[...] + more
                searched = buffer.startIndex + known
            }
        }

        private func element(_ line: ArraySlice<UInt8>) throws -> Element? {
            let value = try JSONParser.parse(line, file: rows.file.relativePath)
            if let row = value["row"]?.object { return .row(row) }
            guard let rejected = value["rejected"] else { return nil }
            return .rejected(line: rejected["line"]?.int ?? 0, message: rejected["message"]?.string ?? "")
        }
    }
}

/// The program while it reads one table; it ends with the value.
private final class TableProgram: Sendable {
    private static let chunk = 262_144

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let messages = Mutex<[UInt8]>([])
    private let file: String
    // Reading waits for the program, so it stays off the threads that tasks share.
    private let queue = DispatchQueue(label: "table rows")

    init(_ rows: DuckDBRows) throws {
        file = rows.file.relativePath
        guard let input = FileHandle(forReadingAtPath: rows.file.path) else {
            throw HubError(.queryFailed, "\(file) cannot be read: check the path and its mode")
        }
        process.executableURL = URL(fileURLWithPath: rows.program)
        process.arguments = ["-init", "/dev/null", "-batch", "-bail", "-c", rows.query]
        // Neither tokens nor settings of the user reach the program.
        process.environment = ["HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.messages.withLock { if $0.count < 65_536 { $0 += data } }
        }
        do {
            try process.run()
        } catch {
            throw HubError(
                .queryFailed,
                "\(rows.program) cannot be started (\(error.localizedDescription)): \(DuckDB.remedy)"
            )
        }
    }

    deinit {
        if process.isRunning { process.terminate() }
        errors.fileHandleForReading.readabilityHandler = nil
    }

    /// The next bytes; none after the last.
    ///
    /// - Throws: ``HubError`` when the program fails, `CancellationError`, which ends it.
    func read() async throws -> [UInt8] {
        let bytes = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<[UInt8], any Error>) in
                queue.async { waiting.resume(with: Result { try self.readNow() }) }
            }
        } onCancel: {
            process.terminate()
        }
        try Task.checkCancellation()
        return bytes
    }

    private func readNow() throws -> [UInt8] {
        let bytes = try output.fileHandleForReading.read(upToCount: Self.chunk) ?? Data()
        guard bytes.isEmpty else { return Array(bytes) }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw failure() }
        return []
    }

    private func failure() -> HubError {
        let text = String(decoding: messages.withLock { $0 }, as: UTF8.self)
        let line = text.unicodeScalars.split { $0 == "\n" }.first.map { String($0) } ?? "it ended without a word"
        return HubError(.queryFailed, "\(file): DuckDB cannot read it (\(line)): is it whole, and what its name says?")
    }
}
