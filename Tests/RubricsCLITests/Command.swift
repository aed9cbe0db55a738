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

    /// When a running command gets a signal: as soon as it has printed `text`, after a time, or as soon as something
    /// else has come about.
    enum Moment: Sendable {
        case errorsContain(String)
        case after(Duration)
        case when(@Sendable () -> Bool)
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
        environment: [String: String?] = [:],
        signal: (number: Int32, moment: Moment)? = nil
    ) async throws -> Result {
        try await run(executable, arguments, input: input, environment: environment, signal: signal)
    }

    /// Runs any program to its end, in the package's folder; streams are files, so that no pipe can fill up. What
    /// `environment` says counts before the test's own; a variable without a value is taken away.
    static func run(
        _ program: String,
        _ arguments: [String],
        input: String = "",
        environment: [String: String?] = [:],
        signal: (number: Int32, moment: Moment)? = nil
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        func file(_ name: String) -> URL { folder.url.appendingPathComponent(name) }
        for (name, text) in [("input", input), ("output", ""), ("errors", "")] { try folder.write(name, text.utf8) }
        let child = try ChildProcess(
            program,
            arguments,
            environment: ProcessInfo.processInfo.environment
                .merging(environment.map { ($0, $1 ?? "") }) { $1 }
                .filter { name, _ in environment[name] != .some(nil) },
            folder: TestEngine.root.path,
            streams: ChildProcess.Streams(
                input: file("input").path,
                output: file("output").path,
                errors: file("errors").path
            )
        )
        return Result(
            status: await status(of: child, errors: file("errors"), signal),
            output: try String(contentsOf: file("output"), encoding: .utf8),
            errors: try String(contentsOf: file("errors"), encoding: .utf8)
        )
    }

    /// Waits for a process on a thread of its own, so that other tests never delay a signal.
    private static func status(
        of child: ChildProcess,
        errors: URL,
        _ signal: (number: Int32, moment: Moment)?
    ) async -> Int32 {
        await withCheckedContinuation { (ended: CheckedContinuation<Int32, Never>) in
            Thread.detachNewThread {
                let start = ContinuousClock.now
                var pending = signal
                while true {
                    if let status = child.status() { return ended.resume(returning: status) }
                    if let due = pending, isDue(due.moment, since: start, errors: errors) {
                        kill(child.identifier, due.number)
                        pending = nil
                    }
                    usleep(2000)
                }
            }
        }
    }

    private static func isDue(_ moment: Moment, since start: ContinuousClock.Instant, errors: URL) -> Bool {
        switch moment {
        case .after(let time): ContinuousClock.now - start >= time
        case .when(let condition): condition()
        case .errorsContain(let text): (try? String(contentsOf: errors, encoding: .utf8))?.contains(text) ?? false
        }
    }
}
