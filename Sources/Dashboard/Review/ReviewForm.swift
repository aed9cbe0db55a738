// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Rubrics
import Synthesis

/// Why a request is not carried out, in words for the reviewer.
struct ReviewRefusal: Error {
    let status: HTTPResponse.Status
    let message: String

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// What a form of the page sends.
struct ReviewForm: Sendable, Decodable {
    /// The content hash of the row as it was shown.
    var rubric: String
    /// The criterion's place, from 0; missing for the whole rubric.
    var criterion: Int?
    /// A ``ReviewDecision/Action``, or `positive` and `negative`, which settle the polarity alone.
    var action: String
    var title: String?
    var description: String?
    var importance: String?
    var weight: String?
    var polarity: String?

    /// Reads a form's body.
    ///
    /// - Throws: ``ReviewRefusal`` for a body that is no such form.
    init(body: String) throws {
        do {
            self = try URLEncodedFormDecoder().decode(Self.self, from: body)
        } catch {
            throw ReviewRefusal(.badRequest, "This is no decision.")
        }
    }

    /// What is decided about the whole rubric.
    func wholeAction() throws -> ReviewDecision.Action {
        guard let action = ReviewDecision.Action(rawValue: action), [.accepted, .rejected].contains(action) else {
            throw ReviewRefusal(.badRequest, "A rubric as a whole is accepted or rejected.")
        }
        return action
    }

    /// What is decided about a criterion.
    ///
    /// - Parameter criterion: The criterion as it stands, earlier edits made.
    /// - Returns: What was done, and the criterion as edited where it was.
    /// - Throws: ``ReviewRefusal`` for what cannot be decided.
    func decision(about criterion: Criterion) throws -> (ReviewDecision.Action, CriterionEdit?) {
        if let polarity = Polarity(rawValue: action), polarity != .undecided {
            var edit = CriterionEdit(criterion)
            edit.polarity = polarity
            return (.edited, edit)
        }
        switch ReviewDecision.Action(rawValue: action) {
        case .accepted: return (.accepted, nil)
        case .rejected: return (.rejected, nil)
        case .edited: return (.edited, try edit())
        case .undone, nil: throw ReviewRefusal(.badRequest, "A criterion is accepted, edited or rejected.")
        }
    }

    private func edit() throws -> CriterionEdit {
        let number = weight.flatMap { $0.isEmpty ? nil : Double($0) }
        if let weight, !weight.isEmpty, number == nil {
            throw ReviewRefusal(.badRequest, "A weight is a number from 0 up.")
        }
        guard let polarity = polarity.flatMap(Polarity.init) else {
            throw ReviewRefusal(.badRequest, "A polarity is positive, negative or undecided.")
        }
        let edit = CriterionEdit(
            title: Self.lines(title ?? ""),
            description: Self.lines(description ?? ""),
            importance: importance.flatMap(Importance.init),
            weight: number,
            polarity: polarity
        )
        if let problem = edit.problem { throw ReviewRefusal(.badRequest, "Not kept: \(problem).") }
        return edit
    }

    /// Forms end lines with a carriage return and a line feed.
    private static func lines(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return String(String.UnicodeScalarView(scalars.filter { $0 != "\r" }))
    }
}
