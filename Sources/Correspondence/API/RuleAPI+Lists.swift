import Base
import Hummingbird
import Storage
import Web

/// Macros, checklists, and what of them is on tickets.
extension RuleAPI {
    func addMacros(to group: RouterGroup<WebContext>) {
        group.get("/macros") { request, _ in
            try await read(request) { [desk] caller, values, db in
                try desk.macros.all(usableBy: caller.viewer, in: db).map(values.macro)
            }
        }
        group.get("/macros/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(
                try await desk.database.read { [desk] db in
                    try RuleAPIValues.read(desk, in: db).macro(
                        try desk.macros.require(id, keptBy: caller.viewer, in: db))
                })
        }
        group.post("/macros") { request, _ in
            try await api.write(request, status: 201) { input, caller in
                JSONText.object([("id", APIValues.id(try await saveMacro(0, input, caller).0))])
            }
        }
        group.put("/macros/:id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await saveMacro(id, $0, $1).1 }
        }
        group.delete("/macros/:id") { request, context in
            let id = try context.requireID()
            let caller = try await APICaller.require(request, api.access)
            return try await remove(request) { [desk] viewer, now, db in
                let macro = try desk.macros.require(id, keptBy: viewer, in: db)
                try caller.requireMatch(try RuleAPIValues.read(desk, in: db).macro(macro))
                try desk.macros.setRemoved(true, id, by: viewer, at: now, in: db)
            }
        }
    }

    /// Adds one, or saves the next version of it.
    private func saveMacro(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> (ID, String) {
        guard caller.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
        let values = try await desk.database.read { [desk] db in
            if id != 0, try desk.macros.require(id, keptBy: caller.viewer, in: db).removedAt != nil {
                throw Failure(.notFound, "error-not-found")
            }
            return try RuleAPIValues.read(desk, in: db)
        }
        var body = MacroBody(change: try await change(input, caller), snooze: try input.optionalText("snooze"))
        if try input.optionalBool("toMe") == true { body.change.owner = MacroBody.me }
        let macro = Macro(
            id: id, queue: try values.home(input, caller.viewer), name: try input.requireText("name"), body: body,
            version: 0)
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            if id != 0 {
                try caller.requireMatch(values.macro(try desk.macros.require(id, keptBy: caller.viewer, in: db)))
            }
            let saved = try desk.macros.save(macro, by: caller.viewer, at: now, in: db)
            return (saved, values.macro(try desk.macros.require(saved, keptBy: caller.viewer, in: db)))
        }
    }

    func addChecklists(to group: RouterGroup<WebContext>) {
        group.get("/checklists") { request, _ in
            try await read(request) { [desk] caller, values, db in
                try desk.checklists.all(usableBy: caller.viewer, in: db).map(values.checklist)
            }
        }
        group.get("/checklists/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(
                try await desk.database.read { [desk] db in
                    try RuleAPIValues.read(desk, in: db).checklist(
                        try desk.checklists.require(id, keptBy: caller.viewer, in: db))
                })
        }
        group.post("/checklists") { request, _ in
            try await api.write(request, status: 201) { input, caller in
                JSONText.object([("id", APIValues.id(try await saveChecklist(0, input, caller).0))])
            }
        }
        group.put("/checklists/:id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await saveChecklist(id, $0, $1).1 }
        }
        group.delete("/checklists/:id") { request, context in
            let id = try context.requireID()
            let caller = try await APICaller.require(request, api.access)
            return try await remove(request) { [desk] viewer, now, db in
                let list = try desk.checklists.require(id, keptBy: viewer, in: db)
                try caller.requireMatch(try RuleAPIValues.read(desk, in: db).checklist(list))
                try desk.checklists.setRemoved(true, id, by: viewer, at: now, in: db)
            }
        }
    }

    /// Adds one, or saves the next version of it: what is on tickets already stays as it is.
    private func saveChecklist(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> (ID, String) {
        guard caller.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
        let values = try await desk.database.read { [desk] db in
            if id != 0, try desk.checklists.require(id, keptBy: caller.viewer, in: db).removedAt != nil {
                throw Failure(.notFound, "error-not-found")
            }
            return try RuleAPIValues.read(desk, in: db)
        }
        let list = Checklist(
            id: id, queue: try values.home(input, caller.viewer), name: try input.requireText("name"),
            items: try input.optionalTexts("items") ?? [], blocks: try input.optionalBool("blocks") ?? false, version: 0
        )
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            if id != 0 {
                let former = try desk.checklists.require(id, keptBy: caller.viewer, in: db)
                try caller.requireMatch(values.checklist(former))
            }
            let saved = try desk.checklists.save(list, by: caller.viewer, at: now, in: db)
            return (saved, values.checklist(try desk.checklists.require(saved, keptBy: caller.viewer, in: db)))
        }
    }

    // MARK: - On tickets

    func addTickets(to group: RouterGroup<WebContext>) {
        group.get("/tickets/:id/checklists") { request, context in
            let id = try context.requireID()
            return try await opened(request, id) { [desk] ticket, _, values, db in
                try desk.checklists.lists(of: ticket.id, in: db).map(values.ticketChecklist)
            }
        }
        group.get("/tickets/:id/duplicates") { request, context in
            let id = try context.requireID()
            return try await opened(request, id) { ticket, viewer, _, db in
                try Duplicates().find(ticket, visibleTo: viewer, in: db).map { found in
                    JSONText.object([
                        ("ticket", APIValues.id(found.ticket.id)), ("number", JSONText.quote(found.ticket.number)),
                        ("reason", JSONText.quote(found.reason.rawValue)),
                    ])
                }
            }
        }
        group.post("/tickets/:id/macro") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { input, caller in
                let macro = ID(try input.requireText("macro")) ?? 0
                let change = try await desk.change(ofMacro: macro, onTicket: id, by: caller.viewer)
                return try await done(change, id, caller)
            }
        }
        group.post("/tickets/:id/checklists") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { input, caller in
                var change = TicketChange()
                change.checklist = ID(try input.requireText("checklist")) ?? 0
                return try await done(change, id, caller)
            }
        }
        group.patch("/tickets/:id/checklists/:list/items/:item") { request, context in
            let (id, list, item) = (
                try context.requireID(), try context.requireID("list"), try context.requireID("item")
            )
            return try await api.write(request, status: 200) { input, caller in
                let (now, isTicked) = (desk.clock.now(), try input.optionalBool("ticked") ?? true)
                return try await desk.database.write { [desk] db in
                    let ticket = try desk.stores.tickets.require(id, for: .note, visibleTo: caller.viewer, in: db)
                    try desk.checklists.tick(
                        isTicked, Int(item), of: list, on: ticket, by: caller.viewer, at: now, in: db)
                    return JSONText.object([("ticked", RuleAPIValues.truth(isTicked))])
                }
            }
        }
    }

    private func opened(
        _ request: Request, _ id: ID,
        _ body: @escaping @Sendable (Ticket, Viewer, RuleAPIValues, any Connection) throws -> [String]
    ) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let items = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            return try body(ticket, caller.viewer, try RuleAPIValues.read(desk, in: db), db)
        }
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    private func done(_ change: TicketChange, _ id: ID, _ caller: APICaller) async throws -> String {
        let record = try await desk.bulking.changeOne(id, change, back: TicketPaths.show(id), by: caller.viewer)
        guard let record else { throw Failure(.conflict, "bulk-none") }
        return try await api.changeValue(record, caller)
    }
}
