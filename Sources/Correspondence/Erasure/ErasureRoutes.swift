import Base
import Foundation
import HTTPTypes
import Hummingbird
import Knowledge
import NIOCore
import Storage
import Web

/// What is held about a person, a copy of it, and its erasure: for administrators.
package struct ErasureRoutes: Sendable {
    private static let shown = 50

    private let office: Office
    private let erasing: Erasing
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office, erasing: Erasing) {
        self.office = office
        self.erasing = erasing
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ErasurePaths.people.route, use: showPeople)
        signedIn.post(ErasurePaths.people.route, use: open)
        signedIn.get(ErasurePaths.person.route) { _, context in try await show(context, problem: nil) }
        signedIn.post(ErasurePaths.erasure.route, use: erase)
        signedIn.post(ErasurePaths.copy.route, use: copy)
        signedIn.post(ErasurePaths.hold.route, use: hold)
    }

    // MARK: - Looking somebody up

    @Sendable private func showPeople(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let address = request.queryText("address") ?? ""
        let folded = EmailAddress.folded(address)
        let (contact, isParticipant, rows) = try await desk.database.read { [desk, store = erasing.store] db in
            let contact = try address.isEmpty ? nil : desk.stores.contacts.find(address: address, in: db)
            let takesPart = try db.first(
                """
                SELECT 1 AS one FROM participant JOIN ticket ON ticket.id = participant.ticket_id
                WHERE participant.address = \(folded) AND ticket.queue_id IN \(list: context.viewer.queues(.see))
                LIMIT 1
                """)
            return (
                contact, takesPart != nil, try store.newest(Self.shown, in: db).map { try row($0, context, in: db) }
            )
        }
        if let contact { return site.redirect(ErasurePaths.person(contact.id)) }
        let problem = address.isEmpty || isParticipant ? nil : Phrase("erasure-nobody")
        let page = PeoplePage(
            path: ErasurePaths.people(), address: Field(address, problem: problem), isParticipant: isParticipant,
            erasures: rows)
        return site.page(page, for: context.visitor)
    }

    @Sendable private func open(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let (address, now) = (form.trimmed("address"), desk.clock.now())
        guard EmailAddress.isPlausible(address) else { return site.redirect(ErasurePaths.people()) }
        let contact = try await desk.database.write { [desk] db in
            try desk.stores.contacts.matchSender(address: address, name: "", at: now, in: db).id
        }
        return site.redirect(ErasurePaths.person(contact))
    }

    private func row(_ erasure: Erasure, _ context: SignedInContext, in db: any Connection) throws -> ErasureRow {
        let counts = try erasing.store.counts(of: erasure.id, visibleTo: context.viewer, in: db)
        let member = try erasure.member.flatMap { try desk.members.find($0, in: db)?.name } ?? ""
        return ErasureRow(
            path: ErasurePaths.person(erasure.contact), state: Phrase("erasure-state-\(erasure.state.rawValue)"),
            cause: Phrase("erasure-cause-\(erasure.cause.rawValue)"), by: member,
            moment: office.signs(context).moment(erasure.doneAt ?? erasure.askedAt),
            tickets: Phrase("erasure-tickets", .number(counts[.done] ?? 0), .number(counts.values.reduce(0, +))))
    }

    // MARK: - A person

    private func show(_ context: SignedInContext, problem: Phrase?) async throws -> Response {
        try office.requireAdministrator(context)
        let id = try context.requireID()
        let (viewer, now) = (context.viewer, desk.clock.now())
        let read = try await desk.database.read {
            [desk, erasing] db -> (
                holdings: Holdings?, mentions: [Ticket], texts: [TextMentions.Mention], former: Erasure?
            ) in
            let former = try erasing.store.find(contact: id, in: db)
            let holdings = try Holdings.read(id, in: viewer.queues(.see), desk.stores, db: db)
            guard let holdings, !(former?.state == .done) else {
                return (nil, [], [], former)
            }
            let texts = try holdings.texts(visibleTo: viewer, in: db)
            return (holdings, try holdings.mentions(visibleTo: viewer, at: now, in: db), texts, former)
        }
        let former = read.former
        let line = try await desk.database.read { db in try former.map { try row($0, context, in: db) } }
        guard let holdings = read.holdings else {
            guard let line, let former else { throw Failure(.notFound, "error-not-found") }
            let page = ErasedPage(
                listPath: ErasurePaths.people(), row: line, isGoingOn: former.isGoingOn, path: ErasurePaths.person(id))
            return site.page(page, for: context.visitor)
        }
        try await desk.noteOpened(.ticket, of: holdings.tickets.map(\.ticket.id), by: viewer)
        let page = page(holdings, read.mentions, read.texts, line, context, problem: problem)
        return site.page(page, for: context.visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func page(
        _ holdings: Holdings, _ mentions: [Ticket], _ texts: [TextMentions.Mention], _ former: ErasureRow?,
        _ context: SignedInContext, problem: Phrase?
    ) -> PersonPage {
        let id = holdings.contact.id
        let signs = office.signs(context)
        let name = holdings.contact.name
        return PersonPage(
            name: name.isEmpty ? holdings.addresses.first ?? "…" : name, addresses: holdings.addresses,
            listPath: ErasurePaths.people(),
            counts: HoldingRows(holdings).rows,
            own: holdings.own.map { held($0, id, context.viewer, signs) },
            others: holdings.others.map { held($0, id, context.viewer, signs) },
            mentions: mentions.map { Self.line($0, nil, nil, signs) },
            texts: texts.map { text in
                NamingText(
                    title: text.title, language: text.language, path: KnowledgePaths.show(text.id),
                    moment: signs.moment(text.updatedAt), isFormer: text.isFormer)
            }, isLearned: holdings.isLearned, isMember: holdings.isMember,
            isCut: holdings.tickets.count >= Holdings.mostTickets,
            copy: Action(ErasurePaths.copy(id)),
            erase: EraseForm(
                path: ErasurePaths.erasure(id),
                causes: Erasure.Cause.named.map {
                    Choice($0.rawValue, Phrase("erasure-cause-\($0.rawValue)"), isSelected: $0 == .request)
                }), problem: problem, former: former)
    }

    private func held(_ held: Holdings.Held, _ contact: ID, _ viewer: Viewer, _ signs: Signs) -> HeldTicket {
        let mayHold = viewer.may(.manage, queue: held.ticket.queue)
        switch held.reason {
        case .childSafety: return Self.line(held.ticket, Phrase("erasure-kept-child-safety"), nil, signs)
        case .held(let reason):
            let form = HoldForm(
                path: ErasurePaths.hold(held.ticket.id), contact: String(contact), reason: reason, isHeld: true)
            return Self.line(held.ticket, Phrase("erasure-kept", .text(reason)), mayHold ? form : nil, signs)
        case nil:
            let form = HoldForm(
                path: ErasurePaths.hold(held.ticket.id), contact: String(contact), reason: "", isHeld: false)
            return Self.line(held.ticket, nil, mayHold ? form : nil, signs)
        }
    }

    static func line(_ ticket: Ticket, _ reason: Phrase?, _ hold: HoldForm?, _ signs: Signs) -> HeldTicket {
        HeldTicket(
            number: ticket.number, path: TicketPaths.show(ticket.id), subject: ticket.subject,
            state: signs.state(ticket.state), moment: signs.moment(ticket.updatedAt), reason: reason, hold: hold)
    }

    @Sendable private func erase(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        guard let cause = Erasure.Cause(rawValue: form["cause"]), Erasure.Cause.named.contains(cause) else {
            return try await show(context, problem: Phrase("erasure-cause-missing"))
        }
        guard form["sure"] == "on" else { return try await show(context, problem: Phrase("erasure-sure-missing")) }
        _ = try await erasing.ask(id, cause: cause, by: context.viewer)
        return site.redirect(ErasurePaths.person(id))
    }

    /// By who manages the ticket's queue.
    @Sendable private func hold(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            try HoldStore(events: desk.stores.events).set(
                form["value"] == "off" ? "" : form.trimmed("reason"), on: ticket, by: context.viewer, at: now, in: db)
        }
        guard let contact = ID(form["contact"]) else { return site.redirect(TicketPaths.show(id)) }
        return site.redirect(ErasurePaths.person(contact))
    }

    // MARK: - A copy

    @Sendable private func copy(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let (viewer, now) = (context.viewer, desk.clock.now())
        let holdings = try await desk.database.read { [desk] db in
            try Holdings.read(id, in: viewer.queues(.see), desk.stores, db: db)
        }
        guard let holdings else { throw Failure(.notFound, "error-not-found") }
        try await desk.noteOpened(.original, of: holdings.tickets.map(\.ticket.id), by: viewer)
        try await desk.database.write { [desk] db in
            try desk.stores.events.add(Event("person-copied", actor: viewer.memberID, subject: id), at: now, in: db)
        }
        let copying = PersonCopy(database: desk.database, stores: desk.stores, clock: desk.clock)
        let parts = try await copying.parts(holdings)
        var headers = HTTPFields()
        headers[.contentType] = "application/zip"
        headers[.cacheControl] = "no-store"
        headers[.contentDisposition] = AttachmentHeader.value("person-\(id).zip")
        let body = ResponseBody { writer in
            var zip = ZipWriter()
            let index = copying.index(holdings, parts)
            try await writer.write(ByteBuffer(bytes: zip.add(index.name, index.bytes)))
            for (number, part) in parts.enumerated() {
                guard let file = try await copying.file(part, number: number + 1), !zip.isFull(for: file.bytes.count)
                else { continue }
                try await writer.write(ByteBuffer(bytes: zip.add(file.name, file.bytes)))
            }
            try await writer.write(ByteBuffer(bytes: zip.end()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
