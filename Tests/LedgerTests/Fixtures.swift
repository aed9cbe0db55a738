// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Ledger
import Rubrics
import Synchronization
import TestSupport

extension ChatRequest {
    /// A request of one short question.
    static func asking(_ question: String = "Is it?", vote: Int = 0) -> ChatRequest {
        ChatRequest(messages: [Message(role: .user, content: question)], vote: vote)
    }
}

/// A ledger in a folder of its own, at a time that a test sets.
final class TestLedger: Sendable {
    let folder: TemporaryFolder
    let ledger: Ledger
    private let time: Time

    private final class Time: Sendable {
        let seconds = Mutex(1_000)
    }

    init() throws {
        let time = Time()
        self.time = time
        folder = try TemporaryFolder()
        ledger = try Ledger(at: folder.path("ledger.sqlite")) { time.seconds.withLock(\.self) }
    }

    /// The time at which calls and rewards are recorded.
    var now: Int {
        get { time.seconds.withLock(\.self) }
        set { time.seconds.withLock { $0 = newValue } }
    }

    /// The same file, opened once more.
    func reopened() throws -> Ledger {
        try Ledger(at: ledger.path) { 1_000 }
    }

    /// Records an answer and gives its key.
    @discardableResult
    func record(_ question: String, _ reply: ChatReply, model: String = "m") async throws -> CallKey {
        let key = ledger.key(of: .asking(question), model: model, mode: "none")
        try await ledger.record(reply, for: key, model: model)
        return key
    }
}
