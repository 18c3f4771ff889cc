import Base
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/queues/{id}`: hours, texts that are sent by themselves, and the public form, for those who keep the queue.
package struct QueueAPI: Sendable {
    private typealias FormText = (language: String, title: String, intro: String)

    private let api: APIRoutes
    private let office: Office
    private let forms: FormStore
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes, office: Office, forms: FormStore) {
        self.api = api
        self.office = office
        self.forms = forms
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1/queues")
        group.get(":id/hours") { request, context in
            try await read(request, try context.requireID()) { try hours(of: $0, in: $2) }
        }
        group.put(":id/hours") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await setHours(id, $0, $1) }
        }
        group.delete(":id/hours") { request, context in
            let caller = try await APICaller.require(request, api.access)
            try caller.requireWriting()
            try await keep(nil, of: try context.requireID(), caller)
            return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        }
        group.get(":id/acknowledgements") { request, context in
            try await read(request, try context.requireID()) { queue, caller, db in
                try acknowledgements(of: try requireManaged(queue.id, caller, in: db), in: db)
            }
        }
        group.get(":id/acknowledgements/:language") { request, context in
            let language = context.parameters.get("language") ?? ""
            return try await read(request, try context.requireID()) { queue, caller, db in
                let queue = try requireManaged(queue.id, caller, in: db)
                return Self.value(try required(acknowledgement(language, of: queue.id, in: db)))
            }
        }
        group.put(":id/acknowledgements/:language") { request, context in
            let (id, language) = (try context.requireID(), context.parameters.get("language") ?? "")
            return try await api.write(request, status: 200) { try await acknowledge(id, language, $0, $1) }
        }
        group.get(":id/form") { request, context in
            try await read(request, try context.requireID()) { queue, caller, db in
                try form(of: try requireManaged(queue.id, caller, in: db), in: db)
            }
        }
        group.patch(":id/form") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await open(id, $0, $1) }
        }
        group.get(":id/form/texts/:language") { request, context in
            let language = context.parameters.get("language") ?? ""
            return try await read(request, try context.requireID()) { queue, caller, db in
                let queue = try requireManaged(queue.id, caller, in: db)
                return Self.value(try required(text(language, of: queue.id, in: db)))
            }
        }
        group.put(":id/form/texts/:language") { request, context in
            let (id, language) = (try context.requireID(), context.parameters.get("language") ?? "")
            return try await api.write(request, status: 200) { try await setText(id, language, $0, $1) }
        }
    }

    private func require(_ language: String) throws {
        guard office.site.strings.languages.contains(language) else { throw Failure(.notFound, "error-not-found") }
    }

    private func requireManaged(_ id: ID, _ caller: APICaller, in db: any Connection) throws -> Queue {
        guard caller.viewer.may(.manage, queue: id) else { throw Failure(.notFound, "error-not-found") }
        return try desk.stores.queues.require(id, in: db)
    }

    private func read(
        _ request: Request, _ id: ID, _ body: @escaping @Sendable (Queue, APICaller, any Connection) throws -> String
    ) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        return APIRoutes.json(
            try await desk.database.read { [desk] db in
                try body(try desk.stores.queues.require(id, keptBy: caller.viewer, in: db), caller, db)
            })
    }

    // MARK: - Hours

    private func hours(of queue: Queue, in db: any Connection) throws -> String {
        guard let hours = try office.hours.find(queue.id, in: db) else {
            return JSONText.object([
                ("always", "true"), ("zone", "null"), ("week", "[]"), ("holidays", "[]"),
            ])
        }
        let week = hours.week.sorted { $0.key < $1.key }.flatMap { day, spans in
            spans.map { span in
                JSONText.object([
                    ("day", String(day)), ("from", JSONText.quote(HoursForm.text(span.from))),
                    ("to", JSONText.quote(HoursForm.text(span.to))),
                ])
            }
        }
        let holidays = hours.holidays.map {
            JSONText.object([("date", JSONText.quote($0.day)), ("name", JSONText.quote($0.name))])
        }
        return JSONText.object([
            ("always", "false"), ("zone", JSONText.quote(hours.zone)), ("week", JSONText.array(week)),
            ("holidays", JSONText.array(holidays)),
        ])
    }

    private func setHours(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        _ = try await desk.database.read { [desk] db in
            try desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
        }
        let spans = try (input.optionalObjects("week") ?? []).map { entry in
            guard let day = try entry.optionalInt("day"), (1...7).contains(day) else {
                throw Failure(.invalid, "hours-time-invalid")
            }
            return HoursForm.Entry(day: day, from: try entry.requireText("from"), to: try entry.requireText("to"))
        }
        let holidays = try (input.optionalObjects("holidays") ?? []).map { entry in
            "\(try entry.requireText("date")) \(try entry.optionalText("name") ?? "")"
        }
        let hours = try HoursForm.hours(zone: try input.requireText("zone"), entries: spans, holidays: holidays)
        try await keep(hours, of: id, caller)
        return try await desk.database.read { [desk] db in
            try self.hours(of: try desk.stores.queues.require(id, keptBy: caller.viewer, in: db), in: db)
        }
    }

    private func keep(_ hours: QueueHours?, of id: ID, _ caller: APICaller) async throws {
        let now = desk.clock.now()
        let keeping = QueueKeeping(queues: desk.stores.queues, members: desk.members, hours: office.hours)
        try await desk.database.write { [desk] db in
            if caller.ifMatch != nil {
                let queue = try desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
                try caller.requireMatch(try self.hours(of: queue, in: db))
            }
            try keeping.setHours(hours, of: id, by: caller.viewer, at: now, in: db)
        }
    }

    // MARK: - Confirmations of receipt

    private func acknowledgements(of queue: Queue, in db: any Connection) throws -> String {
        let items = try desk.stores.queues.acknowledgements(of: queue.id, in: db).map { Self.value($0) }
        return APIValues.page(items, next: nil)
    }

    private func acknowledgement(
        _ language: String, of queue: ID, in db: any Connection
    ) throws -> QueueStore.AcknowledgementEntry? {
        try desk.stores.queues.acknowledgements(of: queue, in: db).first { $0.language == language }
    }

    private func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Failure(.notFound, "error-not-found") }
        return value
    }

    private static func value(_ entry: QueueStore.AcknowledgementEntry) -> String {
        JSONText.object([
            ("language", JSONText.quote(entry.language)), ("subject", JSONText.quote(entry.subject)),
            ("text", JSONText.quote(entry.text)), ("on", entry.isOn ? "true" : "false"),
        ])
    }

    /// An empty text takes it away.
    private func acknowledge(
        _ id: ID, _ language: String, _ input: APIInput, _ caller: APICaller
    ) async throws -> String {
        let now = desk.clock.now()
        _ = try await desk.database.read { db in try requireManaged(id, caller, in: db) }
        try require(language)
        let entry = QueueStore.AcknowledgementEntry(
            language: language, subject: try input.optionalText("subject") ?? "", text: try input.requireText("text"),
            isOn: try input.optionalBool("on") ?? true)
        return try await desk.database.write { [desk] db in
            let queue = try requireManaged(id, caller, in: db)
            try caller.requireMatch(acknowledgement(language, of: id, in: db).map(Self.value) ?? "")
            var entry = entry
            if entry.subject.isEmpty { entry.subject = queue.displayName }
            try desk.stores.queues.setAcknowledgement(entry, of: id, actor: caller.viewer.memberID, at: now, in: db)
            return Self.value(entry)
        }
    }

    // MARK: - The public form

    private func form(of queue: Queue, in db: any Connection) throws -> String {
        let texts = try forms.texts(of: queue.id, in: db).map(Self.value)
        let isOpen = try forms.form(queue, "en", in: db).isOpen
        return JSONText.object([
            ("open", isOpen ? "true" : "false"),
            ("reachable", isOpen && queue.mode == .live && queue.address != nil ? "true" : "false"),
            ("path", JSONText.quote(FormPaths.form(queue.name))), ("texts", JSONText.array(texts)),
        ])
    }

    private func text(_ language: String, of queue: ID, in db: any Connection) throws -> FormText? {
        try forms.texts(of: queue, in: db).first { $0.language == language }
    }

    private static func value(_ text: FormText) -> String {
        JSONText.object([
            ("language", JSONText.quote(text.language)), ("title", JSONText.quote(text.title)),
            ("intro", JSONText.quote(text.intro)),
        ])
    }

    private func open(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        _ = try await desk.database.read { db in try requireManaged(id, caller, in: db) }
        guard let isOpen = try input.optionalBool("open") else { throw Failure(.invalid, "error-invalid") }
        let now = desk.clock.now()
        return try await desk.database.write { db in
            let queue = try requireManaged(id, caller, in: db)
            try caller.requireMatch(try form(of: queue, in: db))
            try forms.setOpen(isOpen, queue: id, actor: caller.viewer.memberID, at: now, in: db)
            return try form(of: queue, in: db)
        }
    }

    /// An empty title takes the text of the language away.
    private func setText(
        _ id: ID, _ language: String, _ input: APIInput, _ caller: APICaller
    ) async throws -> String {
        _ = try await desk.database.read { db in try requireManaged(id, caller, in: db) }
        try require(language)
        let (title, intro) = (try input.requireText("title"), try input.optionalText("intro") ?? "")
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            let queue = try requireManaged(id, caller, in: db)
            try caller.requireMatch(try self.text(language, of: id, in: db).map(Self.value) ?? "")
            try forms.setText(title: title, intro: intro, language: language, queue: id, in: db)
            let event = Event("form-changed", actor: caller.viewer.memberID, queue: id, data: ["language": language])
            try desk.stores.events.add(event, at: now, in: db)
            return try form(of: queue, in: db)
        }
    }
}
