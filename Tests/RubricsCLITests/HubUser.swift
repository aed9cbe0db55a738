// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport

/// A user of the command with a loopback hub, a cache of their own and a token.
struct HubUser {
    static let token = "hf_planted0token0that0nobody0may0see"
    static let commit = String(repeating: "0123456789", count: 4)

    let server: LoopbackHub
    let folder: TemporaryFolder

    init(_ repositories: [LoopbackHub.Repository]) throws {
        server = try LoopbackHub(repositories)
        folder = try TemporaryFolder()
    }

    /// What the command's environment has beside the test's own.
    var environment: [String: String?] {
        [
            "HF_ENDPOINT": server.url.absoluteString, "HF_TOKEN": Self.token, "RUBRICS_CACHE": folder.path("cache"),
            "RUBRICS_DUCKDB": TestDuckDB.program,
        ]
    }

    /// Runs the command.
    func run(
        _ arguments: [String],
        signal: (number: Int32, moment: Command.Moment)? = nil
    ) async throws -> Command.Result {
        try await Command.run(arguments, environment: environment, signal: signal)
    }

    /// The values of a file of JSON lines.
    func lines(_ name: String) throws -> [JSONValue] {
        let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
        return try text.utf8.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse($0, file: name) }
    }

    /// The files below the user's folder whose names end with a text.
    func files(_ suffix: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.url.path)?.allObjects as? [String] ?? []
        return names.filter { $0.hasSuffix(suffix) }
    }

    /// Whether a file of the user's holds a text.
    func holds(_ text: String) -> Bool {
        files("").contains { FileManager.default.contents(atPath: folder.path($0))?.range(of: Data(text.utf8)) != nil }
    }

    /// A repository of RaR's published form, three splits of Parquet.
    static func publishedRows(access: LoopbackHub.Access = .open) throws -> LoopbackHub.Repository {
        let folder = try TemporaryFolder()
        func table(_ range: Range<Int>) throws -> LoopbackHub.File {
            try TestDuckDB.writeParquet(TestDuckDB.publishedRows(range), to: folder.path("table.parquet"))
            return .init(try Data(contentsOf: folder.url.appendingPathComponent("table.parquet")), isLarge: true)
        }
        return .init(
            "datasets",
            "org/rows",
            commit: commit,
            files: [
                "README.md": .init("# Rows".utf8), "data/train-00000-of-00002.parquet": try table(0..<3000),
                "data/train-00001-of-00002.parquet": try table(3000..<4000),
                "data/val-00000-of-00001.parquet": try table(4000..<4010),
                "data/test-00000-of-00001.parquet": try table(4010..<4030),
            ],
            access: access
        )
    }

    /// A repository that holds a model.
    static func model(_ model: TinyModel, access: LoopbackHub.Access = .open) throws -> LoopbackHub.Repository {
        let folder = try TemporaryFolder()
        try model.write(to: folder.url)
        var files: [String: LoopbackHub.File] = ["pytorch_model.bin": .init("not needed".utf8, isLarge: true)]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let bytes = try Data(contentsOf: folder.url.appendingPathComponent(name))
            files[name] = .init(bytes, isLarge: name.hasSuffix(".safetensors"))
        }
        return .init("models", "org/tiny", commit: commit, files: files, access: access)
    }
}
