// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dashboard
import Foundation
import Runs

/// `rubrics report`.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a run's report: one self-contained HTML file.",
        discussion: """
            Example:
              rubrics report runs/demo

            Works for a run in progress too. The path of the page is printed.
            """
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(help: ArgumentHelp("Where to write the page; runs/NAME/report.html by default.", valueName: "file"))
    var out: String?

    func run() throws {
        let directory = try RunDirectory(reading: URL(fileURLWithPath: folder))
        let file = out.map { URL(fileURLWithPath: $0) } ?? directory.reportFile
        try directory.write(try Dashboard.Report(run: directory).html(), to: file)
        Terminal.write("\(file.relativePath)\n")
    }
}
