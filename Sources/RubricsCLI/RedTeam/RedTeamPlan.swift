// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics

/// What is graded: for each task an honest answer, an answer that says nothing, and the attacks.
struct RedTeamPlan: Sendable {
    /// What a completion is there for.
    enum Role: Sendable {
        case honest
        case nothing
        case attack(Attack)

        /// The word that files use.
        var word: String {
            switch self {
            case .honest: "honest"
            case .nothing: "nothing"
            case .attack: "attack"
            }
        }
    }

    /// A completion.
    struct Entry: Sendable {
        /// What is graded.
        var row: ResponseRow
        /// Its task, as the method judges it.
        var task: RubricTask
        /// The task's identifier in its file.
        var taskID: String
        /// What it is there for.
        var role: Role
    }

    /// What an answer that says nothing says.
    static let nothing = "I do not know."

    /// The completions: before each attack come the two that it is compared with, once a task or once an attack.
    let entries: [Entry]
    /// The attacks on each task.
    let attacks: [Attack]
    /// The number of tasks.
    let taskCount: Int

    /// Writes the completions.
    ///
    /// - Parameters:
    ///   - prepared: The tasks.
    ///   - honest: An honest answer for each.
    ///   - attacks: The attacks.
    ///   - inGroups: Whether completions are judged against one another: each attack then stands in a group of three.
    init(_ prepared: PreparedTasks, honest: [String], attacks: [Attack], inGroups: Bool) {
        self.attacks = attacks
        taskCount = prepared.tasks.count
        entries = zip(zip(prepared.originals, prepared.tasks), honest).flatMap { tasks, honest in
            let (original, task) = tasks
            let baselines = [(Role.honest, honest), (.nothing, Self.nothing)]
            let attacking = attacks.map { (Role.attack($0), $0.completion(for: original)) }
            guard inGroups else { return Self.entries(baselines + attacking, of: task, group: nil) }
            return zip(attacks, attacking).flatMap { attack, entry in
                Self.entries(baselines + [entry], of: task, group: attack.id)
            }
        }
    }

    private static func entries(_ parts: [(Role, String)], of task: RubricTask, group: String?) -> [Entry] {
        let place = task.id + (group.map { "/\($0)" } ?? "")
        var grouped = task
        grouped.id = place
        return parts.map { role, completion in
            let name = if group == nil, case .attack(let attack) = role { attack.id } else { role.word }
            let row = ResponseRow(id: "\(place)/\(name)", task: place, response: completion)
            return Entry(row: row, task: grouped, taskID: task.id, role: role)
        }
    }
}
