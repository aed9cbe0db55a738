// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ModelFile {
    /// What a Hugging Face directory's answers depend on besides the weights.
    private static let settingFiles = [
        "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors.index.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ]

    /// Twelve hexadecimal digits of a hash over the contents of all files that the model is read from, wherever they lie.
    ///
    /// Complexity: O(n) in the files' bytes.
    ///
    /// - Returns: The digits.
    /// - Throws: ``ModelFileError`` when a file cannot be read, `CancellationError` between files.
    @concurrent
    package func fingerprint() async throws -> String {
        var hash = ContentHash()
        let folder = URL(fileURLWithPath: path)
        for name in Self.settingFiles {
            let path = folder.appendingPathComponent(name).path
            guard FileManager.default.fileExists(atPath: path) else { continue }
            hash.combine(name)
            try MappedFile(path: path).withBytes { hash.combine($0) }
        }
        for file in weightFiles {
            try Task.checkCancellation()
            file.withBytes { hash.combine($0) }
        }
        let digits = String(hash.value, radix: 16)
        return String((String(repeating: "0", count: 16 - digits.utf8.count) + digits).prefix(12))
    }
}
