// SPDX-License-Identifier: Apache-2.0

import ChatProviders
import Judging
import Rewards
import Rubrics
import TestSupport
import Testing

extension RealServers {
    @Suite(
        "llama.cpp's server",
        .enabled(if: RealServer.llama.isNamed, "RUBRICS_LLAMA_URL is not set"),
        .timeLimit(.minutes(10))
    )
    struct LlamaServerTests {
        /// The most calls of all tests together.
        static var ration: Int {
            let modes = JudgeMode.allCases.reduce(0) { $0 + grading($1).ration }
            return RealServer.probeCalls + modes + expected.ration + repeated.ration * 2 + 1
        }

        /// The least share of verdicts and ratings that replies have to give in each mode.
        private static let leastShare = 0.95
        private static let repeated = ModeGrading(server: .llama, mode: .allInOneCall, items: GradedItem.all)
        private static let expected = ModeGrading(
            server: .llama,
            mode: .ratingByRubric,
            items: GradedItem.all,
            usesExpectedRating: true
        )

        private static func grading(_ mode: JudgeMode) -> ModeGrading {
            ModeGrading(server: .llama, mode: mode, items: GradedItem.all, completions: 3)
        }

        @Test("It obeys a JSON schema")
        func probe() async throws {
            let output = try await RealServer.llama.probed(log: CallLog(ration: RealServer.probeCalls))
            #expect(output == .jsonSchema)
        }

        @Test("Nearly everything that is asked comes to a verdict or a rating", arguments: JudgeMode.allCases)
        func share(mode: JudgeMode) async throws {
            let report = try await Self.grading(mode).report()
            print(report)
            #expect(report.share >= Self.leastShare, "\(report): \(report.failures)")
        }

        @Test("An expected rating is a number on the scale, or says that the letters are improbable")
        func expectedRating() async throws {
            let report = try await Self.expected.report()
            for grade in report.grades {
                let rating = try #require(grade.assessment.rating)
                print("expected rating: \(rating.outcome)")
                guard let failure = rating.failure else {
                    #expect((1...10).contains(try #require(rating.value)))
                    continue
                }
                #expect(failure.cause == .malformed && failure.isConfirmed)
                #expect(failure.detail.containsExactly("of the probability lies on the ratings"), "\(failure)")
                #expect(grade.outcome.value == nil)
            }
        }

        @Test("A completion that does not fit is a context overflow, asked about once")
        func overflow() async throws {
            var item = GradedItem.nosebleed
            item.completions = [String(repeating: "Pinch the soft part of your nose. ", count: 1200)]
            let log = CallLog(ration: 1)
            let grading = ModeGrading(server: .llama, mode: .allInOneCall, items: [item])
            let grade = try #require(try await grading.grades(log: log).first)
            #expect(grade.failures.allSatisfy { $0?.cause == .contextOverflow })
            guard case .unscored(let reason) = grade.outcome else { Issue.record("scored"); return }
            #expect(reason.reason.isExactly("context_overflow"))
        }

        @Test("Two gradings at temperature 0 give as many verdicts; how many agree is printed")
        func agreement() async throws {
            let log = CallLog(ration: 2 * Self.repeated.ration)
            let first = try await Self.repeated.grades(log: log).flatMap(\.assessment.verdicts)
            let second = try await Self.repeated.grades(log: log).flatMap(\.assessment.verdicts)
            let equal = zip(first, second).count { $0.outcome == $1.outcome }
            print("two gradings at temperature 0: \(equal) of \(first.count) verdicts are the same")
            #expect(first.count == second.count)
        }
    }
}
