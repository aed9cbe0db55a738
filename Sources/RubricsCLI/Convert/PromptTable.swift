// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// The prompts of rubrics whose format holds none.
struct PromptTable {
    private var prompts: [ExactText: [Message]] = [:]
    private var common: [Message]?

    /// Reads prompts.
    ///
    /// - Parameters:
    ///   - file: A file of lines `{"id", "prompt"}`.
    ///   - prompt: The prompt of rubrics that the file does not name.
    /// - Throws: ``CommandFailure`` when there is no such file, `DocumentError` at the first thing that is wrong.
    init(file: String?, prompt: String?) throws {
        common = prompt.map { [Message(role: .user, content: $0)] }
        guard let file else { return }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("\(file) cannot be read: name a file of lines {\"id\", \"prompt\"}")
        }
        try Document.forEachJSONLine(of: Array(data), file: file) { document in
            let line = document.root
            try line.requireKeys(["id", "prompt"])
            let id = try line.required("id").identifier()
            guard prompts.updateValue(try line.required("prompt").prompt(), forKey: ExactText(id)) == nil else {
                throw line.error("a second prompt for \"\(id)\"", remedy: "keep one of them")
            }
        }
    }

    /// A task with its prompt, where there is one for it.
    func completed(_ task: RubricTask) -> RubricTask {
        guard task.prompt.isEmpty, let prompt = prompts[ExactText(task.id)] ?? common else { return task }
        var task = task
        task.prompt = prompt
        return task
    }
}
