// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Rubrics
import Runs

/// Lets in only who holds the token, asks this machine by its own name, and comes from the page itself; and gives every
/// reply the headers that keep the page to itself.
struct ReviewGate<Context: RequestContext>: RouterMiddleware {
    let token: String

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context: context, next: next)
        for (name, value) in Self.headers { response.headers[name] = value }
        return response
    }

    private func answer(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            try check(request)
            return try await next(request, context)
        } catch let error as ReviewRefusal {
            return .text(error.message, status: error.status)
        } catch let error as HTTPError {
            return .text(error.body ?? error.status.reasonPhrase, status: error.status)
        } catch let error as RunError {
            return .text("Not kept: \(error)", status: .internalServerError)
        } catch let error as DocumentError {
            return .text("The file has changed since the review started: \(error)", status: .conflict)
        }
    }

    /// Another site's page can name neither the token nor, through a name of its own for this machine, the host.
    private func check(_ request: Request) throws {
        let host = request.head.authority ?? ""
        guard Self.isLoopback(host) else { throw ReviewRefusal(.forbidden, "This address is not served.") }
        let first = request.uri.path.split(separator: "/").first.map(String.init) ?? ""
        guard Self.areSame(first, token) else { throw ReviewRefusal(.notFound, "Nothing is here.") }
        guard request.method != .get, request.method != .head else { return }
        guard let origin = request.headers[.origin], origin == "http://\(host)" else {
            throw ReviewRefusal(.forbidden, "Only the page itself may decide.")
        }
    }

    static func isLoopback(_ authority: String) -> Bool {
        let name = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard name.count <= 2, name.dropFirst().allSatisfy({ UInt16($0) != nil }) else { return false }
        return name.first == "127.0.0.1" || name.first == "localhost"
    }

    /// Compares in a time that does not tell how much of the token was right.
    private static func areSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static var headers: [(HTTPField.Name, String)] {
        [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            ("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }
}

extension Response {
    /// A reply of text.
    static func text(_ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain") -> Response {
        Response(
            status: status,
            headers: [.contentType: "\(type); charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
