// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `rubrics setup`.
struct Setup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch libtorch and the demo's model, compile the engine: the same as Scripts/setup.",
        discussion: """
            Examples:
              rubrics setup
              rubrics setup engine
              rubrics setup duckdb                            (what `rubrics import` reads Parquet and CSV with)
              LIBTORCH=/opt/libtorch rubrics setup engine     (a CUDA build, for example)
            """
    )

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case all
        case engine
        case model
        case duckdb
    }

    @Argument(help: "What to set up.")
    var part = Part.all

    func run() throws {
        let process = Process()
        process.executableURL = try Installation().setupScript
        process.arguments = [part.rawValue]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ExitCode(ExitStatus.failed) }
    }
}
