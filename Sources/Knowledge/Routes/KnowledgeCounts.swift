import Base
import Hummingbird
import Storage
import Web

/// How many proposals wait for a viewer's decision, for the rail.
package struct KnowledgeCounts: RouterMiddleware {
    package typealias Context = WebContext

    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if request.method == .get, let viewer = context.visitor?.viewer {
            let count = try await library.database.read { [proposals = library.proposals] db in
                try proposals.waiting(for: viewer.memberID, in: db)
            }
            context.visitor?.waiting["knowledge"] = Int(count)
        }
        return try await next(request, context)
    }
}
