// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

extension LLMJudge {
    /// Verdicts on every criterion, so many a call, all calls at the same time.
    func verdicts(on answer: String, for task: RubricTask, perCall: Int) async throws -> Assessment {
        let labelled = task.criteria.enumerated().map { (label: "c\($0 + 1)", criterion: $1) }
        let size = max(1, min(perCall, labelled.count))
        let chunks = stride(from: 0, to: labelled.count, by: size).map {
            Array(labelled[$0..<min($0 + size, labelled.count)])
        }
        let prompt = JudgePrompt(self, task: task, response: answer)
        let parts = try await inOrder(chunks) { try await verdicts($0, by: prompt) }
        return parts.reduce(into: Assessment()) { whole, part in
            whole.verdicts += part.verdicts
            whole.usage += part.usage
            whole.failures.merge(part.failures) { $1 }
        }
    }

    private typealias Labelled = [(label: String, criterion: Criterion)]

    /// One call, and a second one for what the first left open.
    private func verdicts(_ labelled: Labelled, by prompt: JudgePrompt) async throws -> Assessment {
        let request = prompt.criteria(labelled)
        let first = try await attempt(request, reading: labelled.map(\.label))
        let open = labelled.filter { first.findings[$0.label] == nil }
        guard !open.isEmpty, let complaint = first.complaint else { return first.assessment(of: labelled, by: name) }
        var repair = request.repairing(first.reply, complaint: complaint)
        let labels = open.map(\.label)
        repair.format = .json(name: "verdicts", schema: ReplySchema.criteria(labels, maxTokens: repair.maxTokens))
        let second = try await attempt(repair, reading: labels)
        return first.amended(by: second).assessment(of: labelled, by: name)
    }

    /// Reads what a reply says of each label.
    private func attempt(_ request: ChatRequest, reading labels: [String]) async throws -> Findings {
        let thinking = settings.thinking
        let attempted = try await attempt(request) { reply throws(ReplyFault) in
            (try VerdictReply(reply, labels: labels, thinking: thinking), reply.text)
        }
        var findings = Findings(usage: attempted.usage, calls: attempted.failures)
        switch attempted.answer {
        case .success((let verdicts, let text)):
            findings.findings = verdicts.findings
            findings.reply = text
            for (label, complaint) in verdicts.complaints {
                findings.failures[label] = JudgeFailure(cause: .malformed, detail: "\(name): \(complaint)")
            }
            let complaints = labels.compactMap { verdicts.complaints[$0] }
            findings.complaint = complaints.isEmpty ? nil : complaints.joined(separator: "; ")
        case .failure(let refused):
            for label in labels { findings.failures[label] = refused.failure }
            findings.complaint = refused.complaint
            findings.reply = refused.reply
        }
        return findings
    }
}

/// What one or two calls said of some criteria.
private struct Findings {
    var findings: [String: VerdictReply.Finding] = [:]
    var failures: [String: JudgeFailure] = [:]
    var complaint: String?
    var reply = ""
    var usage = CallUsage.zero
    var calls: [CallKey: ChatModelError] = [:]

    /// These findings with what a repair added; what stays open has failed twice.
    func amended(by second: Findings) -> Findings {
        var whole = self
        whole.findings.merge(second.findings) { first, _ in first }
        for (label, failure) in second.failures {
            // A repair that did not get through leaves the first failure standing, unconfirmed.
            guard failure.cause.isContentBound else { continue }
            whole.failures[label] = JudgeFailure(cause: failure.cause, detail: failure.detail, isConfirmed: true)
        }
        whole.usage += second.usage
        whole.calls.merge(second.calls) { $1 }
        return whole
    }

    func assessment(of labelled: [(label: String, criterion: Criterion)], by judge: String) -> Assessment {
        let verdicts = labelled.map { label, criterion in
            guard let finding = findings[label] else {
                let failure = failures[label] ?? JudgeFailure(cause: .incomplete, detail: "no answer")
                return Verdict(criterion: criterion.id, outcome: .unjudged(failure), reason: "", judge: judge)
            }
            return Verdict(
                criterion: criterion.id,
                outcome: finding.outcome,
                reason: finding.reason,
                judge: judge,
                confidence: finding.confidence
            )
        }
        return Assessment(verdicts: verdicts, usage: usage, failures: calls)
    }
}
