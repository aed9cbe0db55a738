// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Rubrics
import Runs
import Synthesis

/// `rubrics split`.
struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Split a file of rubrics into train, val and test by a hash of the question.",
        discussion: """
            Examples:
              rubrics split rows.jsonl --out data/               data/train.jsonl, data/val.jsonl, data/test.jsonl
              rubrics split rows.jsonl --out data/rar            data/rar-train.jsonl, …
              rubrics split rows.jsonl --out data/ --shares train=0.9,test=0.1 --salt second

            A row's part follows from its question, the salt and the shares alone: one question is never in two parts,
            and rows that are added never move others. Case, white space and Unicode's compatibility forms make no
            other question. Lines are written as they stand. Ends with status 3 when rows are malformed.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "A folder, with / at its end where it is to be made, or a prefix.",
            valueName: "folder|prefix"
        )
    )
    var out: String

    @Option(help: "The parts and their shares, which sum to 1.")
    var shares = "train=0.8,val=0.1,test=0.1"

    @Option(help: "What makes another split of the same questions.")
    var salt = ""

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard SplitShares(shares, salt: salt) != nil else {
            throw ValidationError("--shares is a list such as train=0.8,val=0.1,test=0.1 whose shares sum to 1")
        }
    }

    func run() throws {
        guard let shares = SplitShares(shares, salt: salt) else { return }
        if out.utf8.last == UInt8(ascii: "/") { try DurableFile.makeFolder(URL(fileURLWithPath: out)) }
        let input = URL(fileURLWithPath: file).standardizedFileURL
        guard shares.parts.allSatisfy({ URL(fileURLWithPath: path($0.name)).standardizedFileURL != input }) else {
            throw CommandFailure("\(file) would be one of the parts: choose another --out")
        }
        let split = try RubricSplit(of: file, shares, to: path)
        var malformed = MalformedRows()
        for error in split.errors { malformed.add(error) }
        report(shares, split)
        if split.malformed > 0 { throw ExitCode(ExitStatus.partial) }
    }

    /// Where a part stands.
    private func path(_ name: String) -> String {
        let isFolder = out.utf8.last == UInt8(ascii: "/") || DurableFile.isFolder(URL(fileURLWithPath: out))
        guard isFolder else { return "\(out)-\(name).jsonl" }
        return URL(fileURLWithPath: out).appendingPathComponent("\(name).jsonl").relativePath
    }

    private func report(_ shares: SplitShares, _ split: RubricSplit) {
        let total = split.counts.reduce(0, +)
        switch format {
        case .json:
            let parts = zip(shares.parts, split.counts).map { part, count -> JSONValue in
                ["part": .string(part.name), "file": .string(path(part.name)), "rows": .integer(count)]
            }
            let json: JSONValue = ["parts": .array(parts), "malformed": .integer(split.malformed)]
            Terminal.write(json.serialized(pretty: true) + "\n")
        case .text:
            let table = TextTable(
                columns: [.text("part"), .number("rows"), .number("share"), .text("file")],
                rows: zip(shares.parts, split.counts).map { part, count in
                    let share = 100 * Double(count) / Double(max(1, total))
                    return [
                        part.name, ProgressText.grouped(count), ProgressText.fixed(share, digits: 1) + "%",
                        path(part.name),
                    ]
                }
            )
            Terminal.write(table.lines.joined(separator: "\n") + "\n")
            if split.malformed > 0 {
                Terminal.writeError("\(ProgressText.grouped(split.malformed)) malformed rows are in no part\n")
            }
        }
    }
}
