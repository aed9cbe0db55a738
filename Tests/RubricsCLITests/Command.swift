// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The built `rubrics`, run as a user would.
enum Command {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// When a running command gets a signal: as soon as it has printed `text`, or after a time.
    enum Moment: Sendable {
        case errorsContain(String)
        case after(Duration)
    }

    /// The executable beside the test bundle.
    static var executable: String {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        let candidates = [bundle.deletingLastPathComponent(), TestEngine.root.appendingPathComponent(".build/debug")]
        let files = candidates.map { $0.appendingPathComponent("rubrics").path }
        return files.first { FileManager.default.isExecutableFile(atPath: $0) } ?? files[1]
    }

    /// Runs `rubrics` to its end.
    static func run(
        _ arguments: [String],
        input: String = "",
        signal: (number: Int32, moment: Moment)? = nil
    ) async throws -> Result {
        try await run(executable, arguments, input: input, signal: signal)
    }

    /// Runs any program to its end, in the package's folder; streams are files, so that no pipe can fill up.
    static func run(
        _ program: String,
        _ arguments: [String],
        input: String = "",
        signal: (number: Int32, moment: Moment)? = nil
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        func file(_ name: String) -> URL { folder.url.appendingPathComponent(name) }
        for (name, text) in [("input", input), ("output", ""), ("errors", "")] { try folder.write(name, text.utf8) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = TestEngine.root
        process.standardInput = try FileHandle(forReadingFrom: file("input"))
        process.standardOutput = try FileHandle(forWritingTo: file("output"))
        process.standardError = try FileHandle(forWritingTo: file("errors"))
        try process.run()
        await watch(process.processIdentifier, errors: file("errors"), signal)
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOf: file("output"), encoding: .utf8),
            errors: try String(contentsOf: file("errors"), encoding: .utf8)
        )
    }

    /// Waits for a process on a thread of its own, so that other tests never delay a signal.
    private static func watch(
        _ identifier: Int32,
        errors: URL,
        _ signal: (number: Int32, moment: Moment)?
    ) async {
        await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                let start = ContinuousClock.now
                var pending = signal
                // Foundation collects an ended child at once, and then there is none to ask.
                while kill(identifier, 0) == 0 {
                    if let due = pending, isDue(due.moment, since: start, errors: errors) {
                        kill(identifier, due.number)
                        pending = nil
                    }
                    usleep(2000)
                }
                ended.resume()
            }
        }
    }

    private static func isDue(_ moment: Moment, since start: ContinuousClock.Instant, errors: URL) -> Bool {
        switch moment {
        case .after(let time): ContinuousClock.now - start >= time
        case .errorsContain(let text): (try? String(contentsOf: errors, encoding: .utf8))?.contains(text) ?? false
        }
    }
}
