// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics
import Runs

/// What must not depend on interruptions: a run's last checkpoint and logs, the metrics without what time has a part in.
package struct RunBytes: Sendable, Equatable {
    /// What time, and what had been paid before, has a part in.
    private static let timely = [
        "time/", "throughput/", "memory/", "judge/latency_seconds", "judge/cost_usd", "judge/cache_hit_rate",
    ]

    private var files: [String: Data] = [:]
    private var metrics: [String] = []

    /// Reads a run's folder.
    package init(_ folder: URL) throws {
        let run = try RunDirectory(reading: folder)
        let last = try run.checkpoints.latest()
        for name in ["policy/model.safetensors", "optimizer.safetensors", "state.json"] {
            files[name] = try last.map { try Data(contentsOf: $0.url.appendingPathComponent(name)) }
        }
        for log in [run.rollouts, run.heldOut] {
            files[log.url.lastPathComponent] = try Data(contentsOf: log.url)
        }
        try run.metrics.read { value in
            let kept = (value["metrics"]?.object?.members ?? []).filter { member in
                !Self.timely.contains { member.key.hasPrefix($0) }
            }
            metrics.append("\(value["step"]?.int ?? -1) \(kept.map { "\($0.key)=\($0.value.serialized())" })")
        }
    }

    /// The files that differ, for messages; empty for equal runs.
    package func difference(from other: Self) -> [String] {
        let names = Set(files.keys).union(other.files.keys).sorted()
        return names.filter { files[$0] != other.files[$0] } + (metrics == other.metrics ? [] : ["metrics.jsonl"])
    }
}
