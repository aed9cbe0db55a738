// SPDX-License-Identifier: Apache-2.0

package import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import Rubrics
package import Synthesis

/// Serves a review's page on this machine alone.
package struct ReviewServer: Sendable {
    private let desk: ReviewDesk
    private let file: String
    let token: String
    private let export: URL
    private let library: MustacheLibrary

    private static let maximumBodyBytes = 262_144

    /// Prepares to serve.
    ///
    /// - Parameters:
    ///   - review: The review.
    ///   - token: What every address starts with; whoever knows it can decide.
    ///   - export: Where the page's export writes the reviewed rows.
    /// - Throws: An error of the template engine, which a correct build never does.
    package init(_ review: RubricReview, token: String, export: URL) throws {
        desk = ReviewDesk(review, root: "/\(token)")
        file = review.index.path
        self.token = token
        self.export = export
        library = try ReviewTemplate.library()
    }

    /// A token that cannot be guessed: 32 hexadecimal digits, 128 bits.
    ///
    /// - Parameter generator: Where the bits come from; the system's for a real server.
    /// - Returns: The token.
    package static func token(using generator: inout some RandomNumberGenerator) -> String {
        (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    /// What answers requests.
    var router: Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ReviewGate(token: token))
        let routes = router.group("/\(token)")
        routes.get("/") { _, _ in try await go(.unreviewed, from: 1) }
        routes.get("/go") { request, _ in
            let filter = Self.filter(request)
            let number = request.uri.queryParameters.get("number").flatMap { Int($0) }
            if let number { return Response.redirect("/\(token)/rows/\(number)?filter=\(filter.rawValue)") }
            return try await go(filter, from: request.uri.queryParameters.get("from").flatMap { Int($0) } ?? 1)
        }
        routes.get("/rows/:number") { request, context in
            let criterion = request.uri.queryParameters.get("criterion").flatMap { Int($0) }
            return try await page(try Self.number(context), Self.filter(request), criterion)
        }
        routes.post("/rows/:number/decision") { request, context in try await decide(request, context) }
        routes.post("/undo") { request, _ in try await undo(request) }
        routes.post("/export") { request, _ in try await write(request) }
        routes.get("/review.css") { _, _ in Response.text(ReviewStyle.text, type: "text/css") }
        routes.get("/review.js") { _, _ in Response.text(ReviewScript.text, type: "text/javascript") }
        return router
    }

    private func page(
        _ number: Int,
        _ filter: RubricReview.Filter,
        _ criterion: Int? = nil,
        notice: String = ""
    ) async throws -> Response {
        let page = try await desk.page(number: number, filter: filter, criterion: criterion, notice: notice)
        return .text(library.render(page, withTemplate: "page") ?? "", type: "text/html")
    }

    /// To the first row of a filter; where it has none, to the row itself among all.
    private func go(_ filter: RubricReview.Filter, from number: Int) async throws -> Response {
        if let found = await desk.first(filter, from: number) {
            return .redirect("/\(token)/rows/\(found)?filter=\(filter.rawValue)")
        }
        return try await page(number, .all, notice: filter == .all ? "" : "Nothing is left under this filter.")
    }

    private func decide(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let form = try ReviewForm(body: try await Self.body(request))
        let (number, filter) = (try Self.number(context), Self.filter(request))
        let next = try await desk.decide(form, number: number).map { "&criterion=\($0)" } ?? ""
        return .redirect("/\(token)/rows/\(number)?filter=\(filter.rawValue)\(next)")
    }

    private func undo(_ request: Request) async throws -> Response {
        _ = try await Self.body(request)
        guard let (number, criterion) = try await desk.undo() else {
            throw ReviewRefusal(.conflict, "There is nothing to take back.")
        }
        let place = criterion.map { "&criterion=\($0)" } ?? ""
        return .redirect("/\(token)/rows/\(number)?filter=\(Self.filter(request).rawValue)\(place)")
    }

    private func write(_ request: Request) async throws -> Response {
        let row = try URLEncodedFormDecoder().decode([String: Int].self, from: try await Self.body(request))["row"]
        let result = try await Self.export(file, desk.decisions, to: export)
        return try await page(
            row ?? 1,
            Self.filter(request),
            notice: "\(export.relativePath): \(result.summary)."
        )
    }

    /// Goes through the whole file, away from where requests are answered.
    @concurrent
    private static func export(_ file: String, _ log: ReviewLog, to url: URL) async throws -> ReviewExport {
        try ReviewExport(of: file, log, to: url)
    }

    private static func body(_ request: Request) async throws -> String {
        let buffer = try await request.body.collect(upTo: maximumBodyBytes)
        return String(buffer: buffer)
    }

    private static func number(_ context: BasicRequestContext) throws -> Int {
        guard let number = context.parameters.get("number").flatMap({ Int($0) }) else {
            throw ReviewRefusal(.notFound, "A rubric is named by its number.")
        }
        return number
    }

    private static func filter(_ request: Request) -> RubricReview.Filter {
        request.uri.queryParameters.get("filter").flatMap { RubricReview.Filter(rawValue: $0) } ?? .all
    }
}

extension Response {
    fileprivate static func redirect(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}
