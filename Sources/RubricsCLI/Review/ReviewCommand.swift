// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dashboard
import Foundation
import Rubrics
import Runs
import Synthesis

/// `rubrics review`.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Go through rubrics in a browser: accept, edit or reject each criterion (Docs/reviewing.md).",
        discussion: """
            Examples:
              rubrics review rows.jsonl --reviewer ada         print the page's address and serve it
              rubrics review rows.jsonl --apply --out reviewed.jsonl   write the rows as decided

            The page is served on this machine alone, under an address that cannot be guessed. Each decision is on disk
            in FILE.review.jsonl before the page shows it; the same command goes on where the last one ended, however
            it ended. The file itself is never changed.
            --apply ends with status 3 when rows are malformed, or have changed since their review.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var file: String

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(
        help: ArgumentHelp(
            "Where --apply and the page's export write the rows; FILE without its ending and -reviewed.jsonl by default.",
            valueName: "file"
        )
    )
    var out: String?

    @Option(help: ArgumentHelp("Who decides, for the log and the rows' provenance.", valueName: "name"))
    var reviewer: String?

    @Flag(help: "Write the rows with the decisions made so far, and serve nothing.")
    var apply = false

    func run() async throws {
        let export = out.map { URL(fileURLWithPath: $0) } ?? defaultExport
        guard export.standardizedFileURL != URL(fileURLWithPath: file).standardizedFileURL else {
            throw CommandFailure("\(file) is what is reviewed, and stays as it is: choose another --out")
        }
        if apply { return try write(to: export) }
        let log = ReviewLog.url(for: file)
        let lock = try FileLock(log)
        let review = try RubricReview(file, log: log, reviewer: reviewer) { Date() }
        report(review)
        try await serve(review, export: export)
        withExtendedLifetime(lock) {}
    }

    private var defaultExport: URL {
        URL(fileURLWithPath: (file as NSString).deletingPathExtension + "-reviewed.jsonl")
    }

    private func write(to export: URL) throws {
        let result = try ReviewExport(of: file, ReviewLog(ReviewLog.url(for: file)), to: export)
        Terminal.writeError("\(result.summary)\n")
        Terminal.write("\(export.relativePath)\n")
        if result.malformed + result.stale > 0 { throw ExitCode(ExitStatus.partial) }
    }

    private func report(_ review: RubricReview) {
        for error in review.index.errors { Terminal.writeError("left out: \(error)\n") }
        let more = review.index.errorCount - review.index.errors.count
        if more > 0 { Terminal.writeError("left out: \(ProgressText.grouped(more)) more malformed rows\n") }
        for name in review.stale.sorted().prefix(20) {
            Terminal.writeError(
                "note: the row \(ShownText(name).following(indentation: 2)) has decisions that were made "
                    + "about another text of it, or is not there any more\n"
            )
        }
        Terminal.writeError(
            "\(ProgressText.grouped(review.count)) rubrics, \(ProgressText.grouped(review.reviewedCount)) reviewed, "
                + "\(ProgressText.grouped(review.undecidedCount)) with undecided polarity\n"
        )
    }

    private func serve(_ review: RubricReview, export: URL) async throws {
        guard review.count > 0 else { throw CommandFailure("\(file) has no rows that can be reviewed") }
        var generator = SystemRandomNumberGenerator()
        let server = try ReviewServer(review, token: ReviewServer.token(using: &generator), export: export)
        let port = Int(port)
        let interruption = Interruption(
            message: "stopped; every decision is in \(ReviewLog.url(for: file).relativePath)"
        )
        do {
            try await interruption.cancellingAtOnce {
                try await server.run(port: port) { address in
                    Terminal.write("\(address)\n")
                    Terminal.writeError("open this address in a browser; Ctrl-C ends the review\n")
                }
            }
        } catch is CancellationError {
            return
        }
    }
}
