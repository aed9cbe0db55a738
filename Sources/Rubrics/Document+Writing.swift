// SPDX-License-Identifier: Apache-2.0

import Yams

extension Document {
    /// A value as YAML, its keys in the order in which it encodes them.
    ///
    /// - Throws: What the value's `encode(to:)` throws.
    public static func yamlText(of value: some Encodable) throws -> String {
        try YAMLEncoder().encode(value)
    }
}
