// SPDX-License-Identifier: Apache-2.0

package import NIOHTTP1
package import Rubrics

extension ScriptedServer {
    /// A request that came in whole.
    package struct Request: Sendable {
        /// The method.
        package var method: HTTPMethod
        /// The path with its query.
        package var path: String
        /// The headers.
        package var headers: HTTPHeaders
        /// The body; `null` where it is no JSON.
        package var body: JSONValue
        /// The body's length.
        package var byteCount: Int
        /// A stable hash of the messages alone; 0 without messages.
        package var messagesHash: UInt64
        /// A stable hash of the model and the messages; 0 without messages.
        package var hash: UInt64

        /// Reads the body of a request.
        init(head: HTTPRequestHead, body json: JSONValue, byteCount: Int) {
            (method, path, headers) = (head.method, head.uri, head.headers)
            (body, self.byteCount) = (json, byteCount)
            guard let messages = json["messages"] else {
                (messagesHash, hash) = (0, 0)
                return
            }
            var hash = StableHash()
            hash.combine(json: json["system"] ?? .null)
            hash.combine(json: messages)
            messagesHash = hash.value
            hash.combine(json: json["model"] ?? .null)
            self.hash = hash.value
        }

        /// Whether the path without its query ends in `suffix`.
        func hasPath(_ suffix: StaticString) -> Bool {
            let path = path.utf8.prefix { $0 != UInt8(ascii: "?") }
            return path.suffix(suffix.utf8CodeUnitCount).elementsEqual(
                UnsafeBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount)
            )
        }
    }
}
