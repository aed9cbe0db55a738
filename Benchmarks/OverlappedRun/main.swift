// SPDX-License-Identifier: Apache-2.0
//
// The runs of Benchmarks/overlap: trains with a judge that answers after a fixed time and writes each step's metrics as
// JSON. Usage: overlap-ours RECIPE ENGINE THREADS FOLDER STALENESS SECONDS

import Foundation
import GRPO
import Judging
import Rubrics
import RubricsTesting
import Runs
import Tensors

let arguments = CommandLine.arguments
guard arguments.count == 7, let threads = Int(arguments[3]), let staleness = Int(arguments[5]),
    let latency = Double(arguments[6])
else {
    let usage = "usage: overlap-ours RECIPE ENGINE THREADS FOLDER STALENESS SECONDS\n"
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
}
let text = try String(contentsOfFile: arguments[1], encoding: .utf8)
var recipe = try Document.yaml(text, file: arguments[1]).decode(TrainingRecipe.self)
recipe.grpo.staleness = staleness
let inputs = try TrainingInputs(recipe)
let judge = FaultInjectingJudge(
    try CheckJudge(preparing: inputs.train),
    failing: .assessments([:]),
    on: ContinuousClock()
) { _ in .seconds(latency) }
let session = try await TrainingSession.start(
    inputs,
    engine: TorchEngine.load(at: arguments[2]),
    threads: threads,
    now: Date.init,
    root: URL(fileURLWithPath: arguments[4]),
    recipeText: text,
    grading: { _ in RunGrading(judge, recipe: recipe) }
)
try await session.run { event in
    guard case .finishedStep(let metrics) = event, metrics.step > 0 else { return }
    FileHandle.standardOutput.write(Data((metrics.json.serialized() + "\n").utf8))
}
