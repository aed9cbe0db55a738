// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Tensors

/// The engine and the model that `Scripts/setup` puts in place.
package enum TestEngine {
    /// The package's folder.
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    #if canImport(Darwin)
    /// The engine's library.
    package static let library = root.appending(path: ".cache/engine/librubrics_engine.dylib")
    #else
    /// The engine's library.
    package static let library = root.appending(path: ".cache/engine/librubrics_engine.so")
    #endif

    /// Path of SmolLM2-135M-Instruct.
    package static let smolLM2 = root.appending(path: "models/SmolLM2-135M-Instruct.gguf").path

    private static let loaded = Result { try TorchEngine.load(at: library.path) }

    /// The engine, loaded once.
    package static func load() throws -> TorchEngine { try loaded.get() }

    /// Whether this machine can take the packed path; its tests are skipped elsewhere.
    package static var supportsPackedDecoding: Bool { (try? load().supportsPackedDecoding) ?? false }
}
