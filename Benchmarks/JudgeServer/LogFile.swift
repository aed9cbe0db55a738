// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Synchronization

/// A file with one line of JSON for each request that has ended.
final class LogFile: Sendable {
    private let file: FileHandle
    private let written = Mutex(0)

    /// Opens a file anew.
    init(path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// Appends the requests that have ended since the last time.
    func write(_ log: RequestLog) throws {
        try written.withLock { count in
            let entries = log.ended(from: count)
            guard !entries.isEmpty else { return }
            let lines = entries.map { line($0, started: log.started).serialized() + "\n" }
            try file.write(contentsOf: Data(lines.joined().utf8))
            count += entries.count
        }
    }

    private func line(_ entry: RequestLog.Entry, started: Date) -> JSONValue {
        [
            "number": .integer(entry.number),
            "path": .string(entry.path),
            "hash": .string(StableHash.hexadecimal(entry.hash)),
            "attempt": .integer(entry.attempt),
            "in_flight": .integer(entry.inFlight),
            "arrival": .number(started.timeIntervalSince1970 + entry.arrival / .seconds(1)),
            "seconds": entry.duration.map { .number($0 / .seconds(1)) } ?? .null,
            "status": entry.status.map(JSONValue.integer) ?? .null,
            "fault": entry.fault.map { .string($0.rawValue) } ?? .null,
            "complete": .bool(entry.isComplete),
            "closed_by_client": .bool(entry.isClosedByClient),
        ]
    }
}

/// What a server did in total.
struct LogSummary {
    private let log: RequestLog

    init(_ log: RequestLog) {
        self.log = log
    }

    /// Counts of requests by their ends, statuses and faults.
    var json: JSONValue {
        let entries = log.entries
        let twice = log.answeredTwice.map(StableHash.hexadecimal).sorted()
        return [
            "requests": .integer(entries.count),
            "answered": .integer(entries.count(where: \.isAnswered)),
            "answered_twice": .array(twice.map(JSONValue.string)),
            "closed_by_client": .integer(entries.count(where: \.isClosedByClient)),
            "open": .integer(log.inFlight),
            "closed_connections": .integer(log.closedConnections),
            "peak_in_flight": .integer(log.peakInFlight),
            "statuses": Self.counts(entries.map { $0.status.map(String.init) ?? "none" }),
            "faults": Self.counts(entries.compactMap { $0.fault?.rawValue }),
        ]
    }

    private static func counts(_ names: [String]) -> JSONValue {
        let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
        return .object(
            JSONObject(counts.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer($0.value)) })
        )
    }
}
