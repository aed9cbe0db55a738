// SPDX-License-Identifier: Apache-2.0

import Judging

extension JudgeTemplates {
    /// Words so short that a small model answers with JSON at times, of the right shape or another.
    static var short: JudgeTemplates {
        var templates = JudgeTemplates()
        templates.criteria = JudgeTemplate(
            system: "",
            user: """
                Write a JSON object with the keys "reason" and "met" ("yes" or "no") about this answer.
                {criteria}
                {prompt}
                {response}
                """
        )
        templates.prompt = JudgeTemplate(
            system: "",
            user: """
                Write a JSON object with the keys "reason" and "rating" (1 to 10) about this answer.
                {prompt}
                {response}
                """
        )
        return templates
    }
}
