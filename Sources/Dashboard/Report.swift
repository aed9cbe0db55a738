// SPDX-License-Identifier: Apache-2.0

import Mustache
public import Runs

/// A run's report: one HTML file that needs nothing else.
///
/// It is made from the files of the run's folder alone, of a run that goes on as of one that has ended.
public struct Report: Sendable {
    private let history: RunHistory

    /// Reads a run.
    ///
    /// - Throws: `RunError` or `DocumentError` that names the file and the line that cannot be read.
    public init(run: RunDirectory) throws {
        history = try RunHistory(run)
    }

    /// The page.
    ///
    /// - Throws: An error of the template engine, which a correct build never does.
    public func html() throws -> String {
        try ReportTemplate.library().render(ReportPage(history), withTemplate: "page") ?? ""
    }
}
