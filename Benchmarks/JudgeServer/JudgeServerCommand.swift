// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JudgeServer
import Rubrics

/// Runs a scripted judge on loopback until SIGTERM or SIGINT.
@main
struct JudgeServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge-server",
        abstract: "An OpenAI- and Anthropic-compatible server that plays a judge.",
        discussion: "Faults: \(Fault.allCases.map(\.rawValue).joined(separator: ", "))."
    )

    @Option(help: "Where to listen; 0 for a free port.")
    var port = 0
    @Option(help: "Seconds that an answer takes.")
    var latency = 1.0
    @Option(help: "Seconds by which an answer is later than that at most.")
    var jitter = 0.0
    @Option(help: "What answers, jitter and faults are drawn from.")
    var seed: UInt64 = 1
    @Option(name: .customLong("fault"), help: "A fault and its share of the attempts, such as server_error=0.05.")
    var faults: [FaultPlan.Share] = []
    @Option(name: .customLong("burst"), help: "Calls and the fault that befalls them, such as 0..<20=unavailable.")
    var bursts: [FaultPlan.Burst] = []
    @Option(name: .customLong("rpm"), help: "Requests a minute.")
    var requestsPerMinute: Int?
    @Option(name: .customLong("tpm"), help: "Tokens a minute.")
    var tokensPerMinute: Int?
    @Option(help: "Calls at the same time.")
    var maxInFlight: Int?
    @Option(help: "Seconds that rate_limit_after asks to wait.")
    var retryAfter = 1.0
    @Option(name: .customLong("violation"), help: "A rule that rubrics break, and their share, as duplicate=0.05.")
    var violations: [RubricBehavior.Share] = []
    @Option(help: "What is answered to calls without a schema, instead of one criterion's verdict.")
    var answer: String?
    @Flag(name: .customLong("no-logprobs"), help: "Give no log-probabilities.")
    var isWithoutLogprobs = false
    @Flag(help: "Pass over the schema of a request.")
    var ignoreSchema = false
    @Option(name: .customLong("log"), help: "Where each request is written as a line of JSON when it ends.")
    var logPath: String?

    func validate() throws {
        let times = [latency, jitter, retryAfter]
        guard times.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw ValidationError("--latency, --jitter and --retry-after are seconds, 0 or more")
        }
        guard faults.map(\.share).reduce(0, +) <= 1 + 1e-9 else {
            throw ValidationError("the shares of --fault are more than 1 together")
        }
        guard [requestsPerMinute, tokensPerMinute, maxInFlight].allSatisfy({ $0.map { $0 > 0 } ?? true }) else {
            throw ValidationError("--rpm, --tpm and --max-in-flight are 1 or more")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
    }

    func run() async throws {
        OpenFiles.raiseLimit()
        let stop = StopSignals()
        let file = try logPath.map(LogFile.init)
        let server = try await ScriptedServer.start(behavior, port: port, keepsRequests: false)
        print("listening on \(server.baseURL.absoluteString)")
        fflush(nil)
        try await stop.whileRunning(every: .milliseconds(500)) { try file?.write(server.log) }
        try file?.write(server.log)
        FileHandle.standardError.write(Data((LogSummary(server.log).json.serialized() + "\n").utf8))
    }

    private var behavior: JudgeBehavior {
        var behavior = JudgeBehavior()
        behavior.latency = .seconds(latency)
        behavior.jitter = .seconds(jitter)
        behavior.seed = seed
        behavior.faults = FaultPlan(shares: faults, bursts: bursts)
        behavior.retryAfter = .seconds(retryAfter)
        behavior.ignoresSchema = ignoreSchema
        behavior.givesLogprobs = !isWithoutLogprobs
        behavior.rubrics.violations = violations
        behavior.limits = RateLimits(
            requestsPerMinute: requestsPerMinute,
            tokensPerMinute: tokensPerMinute,
            maxInFlight: maxInFlight
        )
        if let answer { behavior.plain = .text(answer) }
        return behavior
    }
}
