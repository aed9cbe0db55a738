// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Rubrics

/// A folder that goes with the value.
package final class TemporaryFolder: Sendable {
    /// The folder.
    package let url: URL

    /// Makes an empty folder.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("rubrics-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file in it.
    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and gives its path.
    @discardableResult
    package func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
        try Data(bytes).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// Writes a JSON file and gives its path.
    @discardableResult
    package func write(_ name: String, _ json: JSONValue) throws -> String {
        try write(name, json.serialized().utf8)
    }
}
