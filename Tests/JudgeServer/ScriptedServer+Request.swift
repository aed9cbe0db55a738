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
        /// Both hashes of the messages before the first answer: the same when a question is asked again with a complaint.
        let question: (messagesHash: UInt64, hash: UInt64)

        /// Reads the body of a request.
        init(head: HTTPRequestHead, body json: JSONValue, byteCount: Int) {
            (method, path, headers) = (head.method, head.uri, head.headers)
            (body, self.byteCount) = (json, byteCount)
            guard let messages = json["messages"] else {
                (messagesHash, hash, question) = (0, 0, (0, 0))
                return
            }
            let whole = Self.hashes(of: messages, in: json)
            (messagesHash, hash) = whole
            let turns = messages.array ?? []
            let asked = turns.prefix { $0["role"]?.string?.isExactly("assistant") != true }
            question = asked.count == turns.count ? whole : Self.hashes(of: .array(Array(asked)), in: json)
        }

        private static func hashes(of messages: JSONValue, in json: JSONValue) -> (messagesHash: UInt64, hash: UInt64) {
            var hash = StableHash()
            hash.combine(json: json["system"] ?? .null)
            hash.combine(json: messages)
            let messagesHash = hash.value
            hash.combine(json: json["model"] ?? .null)
            return (messagesHash, hash.value)
        }

        /// The first header of a name.
        package func header(_ name: String) -> String? { headers.first(name: name) }

        /// Whether the path without its query ends in `suffix`.
        func hasPath(_ suffix: StaticString) -> Bool {
            let path = path.utf8.prefix { $0 != UInt8(ascii: "?") }
            return path.suffix(suffix.utf8CodeUnitCount).elementsEqual(
                UnsafeBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount)
            )
        }
    }
}
