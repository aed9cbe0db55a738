// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JudgeServer
import Rubrics

extension FaultPlan.Share: ExpressibleByArgument {
    /// Reads `NAME=SHARE`.
    public init?(argument: String) {
        guard let (name, share) = argument.separated(by: "="), let fault = Fault(rawValue: name),
            let share = Double(share), (0...1).contains(share)
        else { return nil }
        self.init(fault, share)
    }
}

extension RubricBehavior.Share: ExpressibleByArgument {
    /// Reads `NAME=SHARE`.
    public init?(argument: String) {
        guard let (name, share) = argument.separated(by: "="), let violation = RubricBehavior.Violation(rawValue: name),
            let share = Double(share), (0...1).contains(share)
        else { return nil }
        self.init(violation, share)
    }
}

extension FaultPlan.Burst: ExpressibleByArgument {
    /// Reads `FIRST..<LAST=NAME`.
    public init?(argument: String) {
        guard let (calls, name) = argument.separated(by: "="), let fault = Fault(rawValue: name),
            let (first, last) = calls.separated(by: "..<"), let first = Int(first), let last = Int(last),
            0 <= first, first < last
        else { return nil }
        self.init(first..<last, fault)
    }
}

extension String {
    /// The parts before and after the first `separator`.
    fileprivate func separated(by separator: String) -> (String, String)? {
        let parts = split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}
