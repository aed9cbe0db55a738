// SPDX-License-Identifier: Apache-2.0
//
// Our side of Benchmarks/decode: samples once for each line on standard input, {"rows", "prompt", "tokens"}, and answers
// with the seconds as JSON. Usage: decode-ours MODEL ENGINE THREADS

import Foundation
import Policies
import Rubrics
import Tensors

let arguments = CommandLine.arguments
guard arguments.count == 4, let threads = Int(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: decode-ours MODEL ENGINE THREADS\n".utf8))
    exit(64)
}
let policy = try await FrozenPolicy(
    arguments[1],
    engine: TorchEngine.load(at: arguments[2]),
    configuration: FrozenPolicy.Configuration(maximumRows: 32, maximumCompletionTokens: 128, threads: threads)
)
while let line = readLine() {
    let request = try JSONParser.parse(Array(line.utf8), file: "request")
    guard let rows = request["rows"]?.int, let length = request["prompt"]?.int, let tokens = request["tokens"]?.int
    else { exit(64) }
    // Eight rows share a prompt, as the samples of a group do.
    let requests = stride(from: 0, to: rows, by: 8).map { first in
        SamplingRequest(
            prompt: (0..<length).map { Int32(1000 + 7 * (first / 8) + $0) },
            streams: (first..<min(first + 8, rows)).map { DrawStream(seed: 1, step: 0, task: 0, sample: $0) }
        )
    }
    let start = ContinuousClock.now
    _ = try await policy.sample(requests, options: SamplingOptions(temperature: 1, maxTokens: tokens, stopTokens: []))
    let seconds = start.duration(to: .now) / .seconds(1)
    FileHandle.standardOutput.write(Data("{\"seconds\": \(seconds)}\n".utf8))
}
