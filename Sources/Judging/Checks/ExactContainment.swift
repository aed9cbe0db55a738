// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether `passage` stands in the text, byte for byte.
    package func containsExactly(_ passage: String) -> Bool {
        let bytes = Array(utf8)
        let wanted = Array(passage.utf8)
        guard let first = wanted.first else { return true }
        return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: wanted) }
    }
}
