// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Tensors

/// Where `Scripts/setup` puts things, found from the working directory or the executable upwards.
///
/// `RUBRICS_HOME` names the folder outright; `RUBRICS_THREADS` sets the engine's threads.
struct Installation {
    /// The folder that holds `Scripts/`, `.cache/` and `models/`.
    let root: URL
    /// The engine's threads: every core, or `RUBRICS_THREADS`.
    let threads: Int

    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        root = try Self.root(environment)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        guard let text = environment["RUBRICS_THREADS"] else {
            threads = cores
            return
        }
        guard let count = Int(text), (1...4096).contains(count) else {
            throw CommandFailure("RUBRICS_THREADS is \(text), expected a whole number from 1")
        }
        threads = count
    }

    private static func root(_ environment: [String: String]) throws -> URL {
        if let home = environment["RUBRICS_HOME"] {
            guard isHome(URL(fileURLWithPath: home)) else {
                throw CommandFailure("RUBRICS_HOME=\(home) holds no Scripts/setup: name the folder of the package")
            }
            return URL(fileURLWithPath: home)
        }
        let starts = [FileManager.default.currentDirectoryPath, Bundle.main.executablePath ?? ""]
        for start in starts where !start.isEmpty {
            var folder = URL(fileURLWithPath: start).resolvingSymlinksInPath()
            while folder.path != "/" {
                if isHome(folder) { return folder }
                folder.deleteLastPathComponent()
            }
        }
        throw CommandFailure(
            "the package's folder (with Scripts/setup) is not above the working directory: cd into it or set RUBRICS_HOME"
        )
    }

    private static func isHome(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("Scripts/setup").path)
            && FileManager.default.fileExists(atPath: folder.appendingPathComponent("Engine/engine.cpp").path)
    }

    /// The engine's library.
    var engineFile: URL {
        #if os(macOS)
        let name = "librubrics_engine.dylib"
        #else
        let name = "librubrics_engine.so"
        #endif
        return root.appendingPathComponent(".cache/engine").appendingPathComponent(name)
    }

    /// The demo's model.
    var modelFile: URL { root.appendingPathComponent("models/SmolLM2-135M-Instruct.gguf") }

    /// The script that installs what is missing.
    var setupScript: URL { root.appendingPathComponent("Scripts/setup") }

    /// The program that reads tables: `RUBRICS_DUCKDB`, on the search path, or where Scripts/setup puts it.
    ///
    /// - Throws: `HubError` with the remedy when there is none.
    static func duckDB(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> DuckDB {
        // Tables can be read without the package's folder.
        let own = (try? Installation(environment: environment))?.root.appendingPathComponent(".cache/duckdb/duckdb")
            .path
        return try DuckDB(
            named: environment["RUBRICS_DUCKDB"].flatMap { $0.isEmpty ? nil : $0 },
            searchPath: environment["PATH"] ?? "",
            others: [own].compactMap(\.self)
        )
    }

    /// Loads libtorch.
    func engine() throws -> TorchEngine {
        try TorchEngine.load(at: engineFile.path)
    }
}
