// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The built `rubrics`, run as a user would.
enum Command {
    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The executable beside the test bundle.
    static var executable: String {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        let candidates = [bundle.deletingLastPathComponent(), root.appendingPathComponent(".build/debug")]
        let files = candidates.map { $0.appendingPathComponent("rubrics").path }
        return files.first { FileManager.default.isExecutableFile(atPath: $0) } ?? files[1]
    }

    /// Runs the command to its end; output goes through files, so that no pipe can fill up.
    static func run(_ arguments: [String]) async throws -> Result {
        try await withFolder { folder in
            let (output, errors) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("errors"))
            for file in [output, errors] { try Data().write(to: file) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = arguments
            process.currentDirectoryURL = root
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            try process.run()
            while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            return Result(
                status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
                output: try String(contentsOf: output, encoding: .utf8),
                errors: try String(contentsOf: errors, encoding: .utf8)
            )
        }
    }

    /// Runs `body` with an empty folder that goes afterwards.
    static func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rubrics-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
