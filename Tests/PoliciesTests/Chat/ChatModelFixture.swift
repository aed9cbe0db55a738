// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Policies
import Rubrics
import RubricsTesting
import Tensors
import TestSupport

/// A tiny model on disk, and chat models over it that never wait.
struct ChatModelFixture {
    let folder: TemporaryFolder
    let path: String

    /// Writes the model to a folder named `judge`.
    init(_ model: TinyModel = TinyModel(), positions: Int = 1024) throws {
        var model = model
        model.configuration.maxPositions = positions
        folder = try TemporaryFolder()
        path = folder.path("judge")
        try model.write(to: URL(fileURLWithPath: path))
    }

    /// Loads it in f32, so that what is batched together changes nothing.
    func chatModel(rows: Int = 8, longestReply: Int = 64) async throws -> PolicyChatModel {
        try await PolicyChatModel(
            path,
            engine: TestEngine.load(),
            configuration: FrozenPolicy.Configuration(
                computeType: .float32,
                maximumRows: rows,
                maximumCompletionTokens: longestReply,
                threads: 1
            ),
            clock: ImmediateClock()
        )
    }
}

extension ChatRequest {
    /// One user turn.
    init(
        _ text: String,
        temperature: Double = 0,
        maxTokens: Int = 16,
        format: Format = .text,
        vote: Int = 0
    ) {
        self.init(
            messages: [Message(role: .user, content: text)],
            temperature: temperature,
            maxTokens: maxTokens,
            format: format,
            vote: vote
        )
    }
}
