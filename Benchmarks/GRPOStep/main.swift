// SPDX-License-Identifier: Apache-2.0
//
// Our side of Benchmarks/grpo-step: makes one training step for each line on standard input and answers each with the
// step's seconds as JSON. Usage: grpo-step-ours RECIPE ENGINE THREADS FOLDER

import Foundation
import GRPO
import Judging
import Rubrics
import Runs
import Tensors

let arguments = CommandLine.arguments
guard arguments.count == 5, let threads = Int(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: grpo-step-ours RECIPE ENGINE THREADS FOLDER\n".utf8))
    exit(64)
}
let text = try String(contentsOfFile: arguments[1], encoding: .utf8)
let inputs = try TrainingInputs(Document.yaml(text, file: arguments[1]).decode(TrainingRecipe.self))
let session = try await TrainingSession.start(
    inputs,
    engine: TorchEngine.load(at: arguments[2]),
    threads: threads,
    now: Date.init,
    root: URL(fileURLWithPath: arguments[4]),
    recipeText: text,
    grading: { _ in try RunGrading(CheckJudge(preparing: inputs.train), recipe: inputs.recipe) }
)
try await session.run { event in
    switch event {
    case .started:
        guard readLine() != nil else { exit(0) }
    case .finishedStep(let metrics) where metrics.step > 0:
        let line = metrics.json.serialized() + "\n"
        FileHandle.standardOutput.write(Data(line.utf8))
        // The next step's clock starts when this returns.
        guard readLine() != nil else { exit(0) }
    default: break
    }
}
