import Base
import Hummingbird
import Storage
import Web

/// Tells every page where it stands in the history, before anything of it is read, and how many notices wait.
package struct LiveMarks: RouterMiddleware {
    package typealias Context = WebContext

    private let database: Database
    private let hub: LiveHub

    package init(database: Database, hub: LiveHub) {
        self.database = database
        self.hub = hub
    }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let visitor = context.visitor, !request.uri.path.hasPrefix(LivePaths.stream()) else {
            return try await next(request, context)
        }
        var context = context
        let head = hub.head
        let unread = try await database.read { try NoticeStore.unread(visibleTo: visitor.viewer, in: $0) }
        context.visitor?.live = Frame.Live(
            streamPath: LivePaths.stream(), changesPath: LivePaths.changes(), cursor: String(head))
        context.visitor?.bell = Frame.Bell(path: NoticePaths.list(), count: unread)
        return try await next(request, context)
    }
}
