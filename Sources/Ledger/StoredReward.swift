// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import GRDB
public import Rubrics

/// What a reward was made from, besides the answered calls: the calls that failed in the end.
public struct StoredReward: GroupWriter.Record, Hashable {
    /// What was graded: a response's or a rollout's identifier.
    public var subject: String
    /// The method's name.
    public var method: String
    /// The reward; `nil` for what is unscored.
    public var reward: Double?
    /// The verdicts as the files keep them.
    public var verdicts: JSONValue
    /// The calls that failed.
    public var failures: [CallKey: ChatModelError]

    /// Makes a record.
    public init(
        subject: String,
        method: String,
        reward: Double?,
        verdicts: JSONValue,
        failures: [CallKey: ChatModelError]
    ) {
        self.subject = subject
        self.method = method
        self.reward = reward
        self.verdicts = verdicts
        self.failures = failures
    }

    /// The record as the file and exports keep it.
    var json: JSONValue {
        let failures = failures.sorted { $0.key.description < $1.key.description }
        return [
            "reward": reward.map(JSONValue.number) ?? .null, "verdicts": verdicts,
            "failures": .object(
                JSONObject(
                    failures.map { key, error in
                        (
                            key: key.description,
                            value: ["code": .string(error.code.name), "message": .string(error.message)]
                        )
                    }
                )
            ),
        ]
    }

    private init?(subject: String, method: String, _ value: JSONValue) {
        let failures = (value["failures"]?.object?.members ?? []).compactMap { key, value in
            zip(CallKey(hexadecimal: key), value["code"]?.string.flatMap(ChatModelError.Code.init)).map { key, code in
                (key, ChatModelError(code, value["message"]?.string ?? "").keyed(key))
            }
        }
        self.init(
            subject: subject,
            method: method,
            reward: value["reward"]?.double,
            verdicts: value["verdicts"] ?? .null,
            failures: Dictionary(failures) { $1 }
        )
    }

    func insert(into database: Database, at time: Int) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO reward (subject, method, record, created) VALUES (?, ?, ?, ?)"
        )
        try statement.execute(arguments: [subject, method, json.serialized(), time])
    }

    static func fetch(_ subject: String, _ method: String, from database: Database) throws -> StoredReward? {
        let statement = try database.cachedStatement(sql: "SELECT record FROM reward WHERE subject = ? AND method = ?")
        guard let text = try String.fetchOne(statement, arguments: [subject, method]) else { return nil }
        return StoredReward(subject: subject, method: method, try JSONParser.parse(Array(text.utf8), file: "ledger"))
    }
}

/// Both values, where both are there.
private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}

extension ChatModelError {
    fileprivate func keyed(_ key: CallKey) -> Self {
        var copy = self
        copy.key = key
        return copy
    }
}
