// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// How the scripted judge behaves.
package struct JudgeBehavior: Sendable {
    /// What the judge says to a call that asks for no schema.
    package enum Plain: Sendable {
        /// An instance of a schema.
        case schema(JSONValue)
        /// A fixed text.
        case text(String)
    }

    /// The time an answer takes.
    package var latency: Duration = .zero
    /// The most by which an answer is later than that; each attempt has its own share of it.
    package var jitter: Duration = .zero
    /// What answers, jitter and faults are drawn from.
    package var seed: UInt64 = 1
    /// What goes wrong.
    package var faults = FaultPlan()
    /// The wait that ``Fault/rateLimitAfter`` asks for.
    package var retryAfter: Duration = .seconds(1)
    /// The time between two bytes of ``Fault/slowDrip``.
    package var dripInterval: Duration = .milliseconds(250)
    /// What is answered without a schema: by default one criterion's verdict.
    package var plain: Plain = .schema(Self.verdictSchema)
    /// Whether the schema of a request is passed over, as some servers do.
    package var ignoresSchema = false
    /// Whether log-probabilities are given to those who ask for them.
    package var givesLogprobs = true
    /// How rubrics are written for those who ask for one.
    package var rubrics = RubricBehavior()
    /// What a minute may hold, and how many calls at once.
    package var limits = RateLimits()

    /// Makes a judge that answers at once and without fault.
    package init() {}

    /// One criterion's verdict with its reason.
    package static let verdictSchema: JSONValue = [
        "type": "object",
        "properties": [
            "reason": ["type": "string"],
            "met": ["type": "string", "enum": ["yes", "no", "cannot_assess"]],
        ],
        "required": ["reason", "met"],
        "additionalProperties": false,
    ]
}
