// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rewards
import Rubrics
import Testing

@Suite("Weighting")
struct WeightingTests {
    @Test(
        "Recipes write a name or a table",
        arguments: [
            (#""categorical""#, .categorical), (#""numeric""#, .numeric), (#""uniform""#, .uniform),
            (#"{"essential":2,"pitfall":0.5}"#, .custom([.essential: 2, .pitfall: 0.5])),
        ] as [(String, Weighting)]
    )
    func coding(json: String, weighting: Weighting) throws {
        #expect(try JSONDecoder().decode(Weighting.self, from: Data(json.utf8)) == weighting)
        let again = try JSONEncoder().encode(weighting)
        #expect(try JSONDecoder().decode(Weighting.self, from: again) == weighting)
    }

    @Test("Another name is an error that lists the names")
    func unknown() {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Weighting.self, from: Data(#""category""#.utf8))
        }
        #expect("\(String(describing: error))".contains("categorical, numeric, uniform"))
    }
}
