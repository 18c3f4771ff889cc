import Base
import Hummingbird
import Storage
import Web

/// `/api/v1`: what the caller was told of, how they want to be told, which tickets they follow.
package struct NoticeAPI: Sendable {
    private let api: APIRoutes
    private let notices: NoticeStore
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) {
        self.api = api
        notices = NoticeStore(ids: api.desk.ids)
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/notices") { request, _ in try await list(request) }
        group.post("/notices/reading") { request, _ in try await api.write(request, status: 200, read) }
        group.get("/account/notices") { request, _ in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(try await setting(caller))
        }
        group.patch("/account/notices") { request, _ in try await api.write(request, status: 200, change) }
        group.put("/tickets/:id/following") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await follow(id, isOn: true, $0, $1) }
        }
        group.delete("/tickets/:id/following") { request, context in
            let caller = try await APICaller.require(request, api.access)
            try caller.requireWriting()
            return APIRoutes.json(
                try await follow(try context.requireID(), isOn: false, APIInput(), caller))
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let limit = try api.limit(request)
        let before = try api.number("cursor", request)
        let lines = try await desk.database.read { [notices] db in
            try notices.page(
                before: before == 0 ? nil : before, visibleTo: caller.viewer, limit: limit + 1, in: db)
        }
        let items = lines.prefix(limit).map { line in
            let notice = line.notice
            return JSONText.object([
                ("id", APIValues.id(notice.id)), ("kind", JSONText.quote(notice.kind.rawValue)),
                ("ticket", notice.ticket.map { APIValues.id($0) } ?? "null"), ("number", JSONText.quote(line.number)),
                ("review", notice.review.map { APIValues.id($0) } ?? "null"),
                ("text", notice.text.map { APIValues.id($0) } ?? "null"),
                ("message", notice.message.map { APIValues.id($0) } ?? "null"),
                ("actor", notice.actor.map { APIValues.id($0) } ?? "null"),
                ("at", JSONText.quote(ISO8601.string(notice.at))), ("read", notice.isRead ? "true" : "false"),
            ])
        }
        let next = lines.count > limit ? lines[limit - 1].notice.id : nil
        return APIRoutes.json(APIValues.page(items, next: next.map { String($0) }))
    }

    /// Those named, or all.
    @Sendable private func read(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let named = try input.optionalTexts("ids")?.map { text in
            guard let id = ID(text) else { throw Failure(.invalid, "error-invalid") }
            return id
        }
        let (now, me) = (desk.clock.now(), caller.viewer.memberID)
        return try await desk.database.write { [notices] db in
            if let named {
                for id in named {
                    let notice = try notices.require(id, visibleTo: caller.viewer, in: db)
                    try notices.markRead(notice.id, of: me, at: now, in: db)
                }
            } else {
                try notices.markAllRead(of: me, at: now, in: db)
            }
            return JSONText.object([("unread", String(try NoticeStore.unread(visibleTo: caller.viewer, in: db)))])
        }
    }

    private func setting(_ caller: APICaller) async throws -> String {
        try await desk.database.read { [notices] db in
            Self.value(try notices.setting(of: caller.viewer.memberID, in: db))
        }
    }

    private static func value(_ setting: NoticeSetting) -> String {
        let ways = NoticeKind.allCases.map { ($0.rawValue, JSONText.quote(setting.way($0).rawValue)) }
        return JSONText.object([
            ("ways", JSONText.object(ways)), ("digestHour", String(setting.digestHour)),
            ("hidesReading", setting.hidesReading ? "true" : "false"),
        ])
    }

    @Sendable private func change(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let (now, me) = (desk.clock.now(), caller.viewer.memberID)
        let hour = try input.optionalInt("digestHour")
        let hides = try input.optionalBool("hidesReading")
        let ways = try input.optionalMap("ways") ?? [:]
        try await desk.database.write { [desk, notices] db in
            var setting = try notices.setting(of: me, in: db)
            try caller.requireMatch(Self.value(setting))
            for (name, text) in ways {
                guard let kind = NoticeKind(rawValue: name), let way = NoticeWay(rawValue: text) else {
                    throw Failure(.invalid, "error-invalid")
                }
                setting.ways[kind] = way
            }
            if let hour { setting.digestHour = hour }
            if let hides { setting.hidesReading = hides }
            try notices.set(setting, of: me, in: db)
            try desk.stores.events.add(Event("notices-changed", actor: me, subject: me), at: now, in: db)
        }
        return try await setting(caller)
    }

    private func follow(_ id: ID, isOn: Bool, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let (now, me) = (desk.clock.now(), caller.viewer.memberID)
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            try FollowStore().set(isOn, ticket: ticket.id, member: me, at: now, in: db)
            let kind = isOn ? "ticket-followed" : "ticket-unfollowed"
            try desk.stores.events.add(Event(kind, actor: me, queue: ticket.queue, ticket: id), at: now, in: db)
        }
        return JSONText.object([("following", isOn ? "true" : "false")])
    }
}
