// SPDX-License-Identifier: Apache-2.0

import ChatModels
import ChatProviders
import Judging
import Rewards
import Rubrics
import TestSupport
import Testing

extension RealServers {
    @Suite(
        "transformers serve",
        .enabled(if: RealServer.transformers.isNamed, "RUBRICS_TRANSFORMERS_URL is not set"),
        .timeLimit(.minutes(10))
    )
    struct TransformersServerTests {
        /// The most calls of all tests together.
        static var ration: Int {
            let modes = JudgeMode.allCases.reduce(0) { $0 + grading($1).ration }
            return inShort.reduce(RealServer.probeCalls * 2 + modes) { $0 + $1.ration }
        }

        private static func grading(_ mode: JudgeMode) -> ModeGrading {
            ModeGrading(server: .transformers, mode: mode, items: [.nosebleed])
        }

        /// Verdicts and ratings, asked for in words that get JSON at times.
        private static var inShort: [ModeGrading] {
            [(JudgeMode.oneCriterionACall, [.nosebleed]), (.ratingByPrompt, GradedItem.all)].map { mode, items in
                ModeGrading(server: .transformers, mode: mode, items: items.map(\.partial), templates: .short)
            }
        }

        @Test("It obeys no way of asking for JSON")
        func probe() async throws {
            let log = CallLog(ration: RealServer.probeCalls)
            let output = try await RealServer.transformers.probed(log: log)
            #expect(output == .none)
            #expect(log.calls == RealServer.probeCalls)
        }

        @Test("A wrong model's name is an error that says what to check")
        func wrongName() async throws {
            let log = CallLog(ration: RealServer.probeCalls)
            let error = try await #require(throws: ChatModelError.self) {
                try await RealServer.transformers.probed(model: "no-such-model", log: log)
            }
            #expect(error.code == .rejected)
            #expect(error.message.containsExactly("no-such-model: check its name"))
        }

        @Test("Every outcome stands in a reply's JSON object, or is the right failure", arguments: JudgeMode.allCases)
        func outcomes(mode: JudgeMode) async throws {
            let report = try await Self.grading(mode).report()
            print(report)
            expectStatedOrAnnounced(report)
        }

        @Test("JSON objects among the replies are read, though the server knows of no schema")
        func objects() async throws {
            var share = 0.0
            for grading in Self.inShort {
                let report = try await grading.report()
                print("\(report), in short words")
                expectStatedOrAnnounced(report)
                share += report.share
            }
            #expect(share > 0)
        }

        private func expectStatedOrAnnounced(_ report: ModeReport) {
            ReplyEvidence(report.log.replies).expectStated(report.grades)
            for grade in report.grades { expectAnnounced(grade) }
        }

        /// What failed twice for what the reply holds is not scored, and says so.
        private func expectAnnounced(_ grade: Grade) {
            let failures = grade.failures.compactMap(\.self)
            for failure in failures {
                #expect([.malformed, .refusal].contains(failure.cause), "\(failure)")
                #expect(failure.isConfirmed, "\(failure)")
            }
            guard failures.count == grade.failures.count else { return }
            guard case .unscored(let reason) = grade.outcome else { Issue.record("a failure has a reward"); return }
            #expect(failures.contains { $0.cause.rawValue.utf8.elementsEqual(reason.reason.utf8) })
        }
    }
}
