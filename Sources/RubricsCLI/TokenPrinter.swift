// SPDX-License-Identifier: Apache-2.0

import Policies
import Synchronization

/// Writes a completion to standard output: token by token on a terminal, at once elsewhere.
final class TokenPrinter: Sendable {
    private let prompts: PromptFormat
    private let isStreaming: Bool
    private let decoder: Mutex<IncrementalDecoder>

    init(_ prompts: PromptFormat, isStreaming: Bool) {
        self.prompts = prompts
        self.isStreaming = isStreaming
        decoder = Mutex(IncrementalDecoder(prompts.tokenizer, skipsSpecials: true))
    }

    func print(_ token: Int32) {
        guard isStreaming else { return }
        Terminal.write(decoder.withLock { $0.append(token) })
    }

    func finish(_ tokens: [Int32]) {
        Terminal.write(isStreaming ? decoder.withLock { $0.finish() } + "\n" : prompts.text(of: tokens) + "\n")
    }
}
