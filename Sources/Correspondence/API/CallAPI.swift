import Base
import Hummingbird
import Storage
import Web

/// `/api/v1`: calls, talks and letters on paper, as a ticket of their own or in one.
package struct CallAPI: Sendable {
    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.post("/calls") { request, _ in try await api.write(request, status: 201, open) }
        group.post("/tickets/:id/calls") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await add(id, $0, $1) }
        }
    }

    private func content(_ input: APIInput) throws -> Calling.Content {
        guard let channel = Calling.Channel(rawValue: try input.optionalText("channel") ?? "call") else {
            throw Failure(.invalid, "error-invalid", details: "channel is call, talk, paper or chat")
        }
        var at = desk.clock.now()
        if let text = try input.optionalText("at") {
            guard let time = APITime.parse(text) else { throw Failure(.invalid, "call-time-invalid") }
            at = time
        }
        return Calling.Content(
            channel: channel, isIncoming: try input.optionalBool("incoming") ?? true,
            name: try input.optionalText("name") ?? "",
            address: EmailAddress.folded(try input.optionalText("address") ?? ""),
            subject: try input.optionalText("subject") ?? "", text: try input.requireText("text"), at: at)
    }

    @Sendable private func open(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let name = EmailAddress.folded(try input.requireText("queue"))
        let queue = try await desk.database.read { [desk] db in
            try desk.stores.queues.all(visibleTo: caller.viewer, in: db).first { $0.name == name }
        }
        guard let queue else { throw Failure(.invalid, "error-invalid") }
        return try await api.value(
            try await desk.calling.open(try content(input), queue: queue.id, by: caller.viewer), caller)
    }

    private func add(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        try await desk.calling.add(try content(input), to: id, by: caller.viewer)
        return try await api.value(id, caller)
    }
}
