import Base
import Hummingbird
import Storage
import Text
import Web

/// Writing first: to one person, to several, and noting what was said elsewhere.
package struct NewTicketRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(TicketPaths.new.route) { request, context in try await start(request, context) }
        signedIn.post(TicketPaths.list.route, use: create)
        signedIn.get(WritingPaths.round.route, use: round)
        signedIn.post(WritingPaths.roundUndo.route, use: undoRound)
        signedIn.get(WritingPaths.newCall.route) { _, context in try await showCall(context, nil, problem: nil) }
        signedIn.post(WritingPaths.calls.route, use: noteCall)
        signedIn.get(WritingPaths.call.route) { _, context in try await showCall(context, nil, problem: nil) }
        signedIn.post(WritingPaths.call.route, use: noteCall)
    }

    private func signs(_ context: SignedInContext) -> Signs { TicketRoutes(desk: desk, site: site).signs(context) }

    // MARK: - Letters

    private struct Entry {
        var content = Draft.Content(to: [], cc: [], subject: "", text: "")
        var queue: ID?
        var isEach = false
        var round: ID?
        var files: [DraftFile] = []
        var because = ""

        /// The same for the same letter.
        var fingerprint: String {
            ([
                content.to.joined(separator: ","), content.cc.joined(separator: ","), content.subject, content.text,
                content.from, String(isEach), queue.map { String($0) } ?? "",
            ] + files.map { "\($0.filename) \($0.bytes.count)" }).joined(separator: "\u{1F}")
        }
    }

    /// Empty, or with what a round that was taken back had.
    private func start(_ request: Request, _ context: SignedInContext) async throws -> Response {
        var entry = Entry()
        if let id = request.uri.queryParameters["round"].flatMap({ ID($0) }) {
            let (round, people) = try await desk.database.read { [desk] db in
                let rounds = desk.writing.rounds
                return (
                    try rounds.require(id, visibleTo: context.viewer, in: db), try rounds.people(of: id, in: db)
                )
            }
            guard round.author == context.viewer.memberID, round.state == .cancelled else {
                throw Failure(.notFound, "error-not-found")
            }
            entry.content = Draft.Content(
                to: people.map(\.address), cc: [], subject: round.subject, text: round.text)
            entry.content.from = round.from
            (entry.queue, entry.isEach, entry.round) = (round.queue, true, id)
        }
        if let to = request.uri.queryParameters["to"] { entry.content.to = Draft.addresses(in: String(to)) }
        let notice: [Frame.Notice] = entry.round == nil ? [] : [Frame.Notice(.done, Phrase("notice-round-undone"))]
        return try await show(context, entry, problem: nil, notices: notice)
    }

    private func show(
        _ context: SignedInContext, _ entry: Entry, problem: Failure?, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let (queues, contacts, files) = try await desk.database.read { [desk] db in
            (
                try desk.stores.queues.all(visibleTo: context.viewer, in: db),
                try desk.stores.tickets.recentContacts(visibleTo: context.viewer, in: db),
                try entry.round.map { try desk.writing.rounds.files(of: $0, in: db).map(\.filename) } ?? []
            )
        }
        let sending = queues.filter {
            $0.mode == .live && $0.address != nil && context.viewer.may(.send, queue: $0.id)
        }
        let content = entry.content
        var page = NewTicketPage(
            path: TicketPaths.list(), cancelPath: TicketPaths.list(),
            queues: sending.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == entry.queue) },
            to: Field(content.to.joined(separator: ", ")), cc: Field(content.cc.joined(separator: ", ")),
            subject: Field(content.subject), text: Field(content.text),
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) },
            warning: sending.isEmpty ? Phrase("new-ticket-no-queue") : nil)
        page.once = String(try desk.ids.make())
        page.isHeld = problem?.messageKey == "check-held"
        page.because = entry.because
        page.contacts = contacts.map { ContactChoice(address: $0.address, name: $0.name) }
        page.isEach = entry.isEach
        page.callPath = WritingPaths.newCall()
        page.round = entry.round.map { String($0) } ?? ""
        page.files = files
        page.filesHelp = Phrase("composer-files-help", .number(Draft.Content.mostFileBytes / 1_000_000))
        page.from =
            sending.contains { $0.sendingAddresses.count > 1 }
            ? sending.flatMap { queue in
                queue.sendingAddresses.map {
                    Choice($0, .verbatim("\(queue.name): \($0)"), isSelected: $0 == content.from)
                }
            } : []
        return site.page(page, for: context.visitor, notices: notices, status: problem?.status ?? .ok)
    }

    private func entry(_ form: Form, _ context: SignedInContext) async throws -> Entry {
        let read = DraftForm(form)
        var entry = Entry(
            content: read.content, queue: ID(form["queue"]), isEach: form.has("each"), round: ID(form["round"]),
            files: read.files, because: read.because)
        if let id = entry.round {
            entry.files += try await desk.database.read { [desk] db in
                let round = try desk.writing.rounds.require(id, visibleTo: context.viewer, in: db)
                guard round.author == context.viewer.memberID else { throw Failure(.notFound, "error-not-found") }
                return try desk.writing.rounds.files(of: id, in: db)
            }
        }
        // An address chosen from the list says which queue writes.
        let chosen = entry.content.from
        let owner = try await desk.database.read { [desk] db in
            try chosen.isEmpty ? nil : desk.stores.queues.find(recipient: chosen, in: db)?.id
        }
        if let owner { entry.queue = owner }
        return entry
    }

    @Sendable private func create(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let entry = try await entry(form, context)
        do {
            return site.redirect(
                try await FormOnce(database: desk.database, clock: desk.clock).run(
                    form["once"], entry.fingerprint, by: context.viewer.memberID
                ) { try await write(entry, context) })
        } catch let failure as Failure where [.invalid, .refused, .tooLarge, .conflict].contains(failure.code) {
            return try await show(context, entry, problem: failure)
        }
    }

    /// Returns where the letter is to be seen.
    private func write(_ entry: Entry, _ context: SignedInContext) async throws -> String {
        let queue = entry.queue ?? 0
        if entry.isEach, entry.content.to.count + entry.content.cc.count > 1 {
            return WritingPaths.round(
                try await desk.writing.writeEach(
                    entry.content, files: entry.files, queue: queue, because: entry.because, by: context.viewer))
        }
        let id = try await desk.writing.write(
            entry.content, files: entry.files, queue: queue, because: entry.because, by: context.viewer)
        let isWaiting = try await desk.database.read { [desk] db in
            try desk.reviews.ofTicket(id, in: db).last?.state == .submitted
        }
        return TicketPaths.show(id) + "?notice=" + (isWaiting ? "review-submitted" : "sent")
    }

    // MARK: - Rounds

    @Sendable private func round(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (round, people, numbers) = try await desk.database.read { [desk] db in
            let round = try desk.writing.rounds.require(id, visibleTo: context.viewer, in: db)
            let people = try desk.writing.rounds.people(of: id, in: db)
            var numbers: [ID: String] = [:]
            for ticket in people.compactMap(\.ticket) {
                numbers[ticket] = try desk.stores.tickets.find(ticket, in: db)?.number
            }
            return (round, people, numbers)
        }
        try await desk.noteOpened(.ticket, of: people.compactMap(\.ticket), by: context.viewer)
        let now = desk.clock.now()
        let mayUndo = round.state == .waiting && round.author == context.viewer.memberID
        let page = RoundPage(
            subject: round.subject,
            status: Phrase(
                "round-state-\(round.state.rawValue)", .number(people.filter(\.isSent).count), .number(people.count)),
            undo: mayUndo
                ? RoundUndo(
                    path: WritingPaths.roundUndo(id), seconds: max(0, Int((round.notBefore - now + 999) / 1000))) : nil,
            isMoving: round.state == .waiting || round.state == .going,
            selfPath: WritingPaths.round(id),
            people: people.map { person in
                RoundPerson(
                    address: person.address,
                    ticket: person.ticket.map { Link(.verbatim(numbers[$0] ?? ""), TicketPaths.show($0)) },
                    problem: person.problem.isEmpty ? nil : Phrase(person.problem, .text(person.address)),
                    isSent: person.isSent)
            })
        return site.page(page, for: context.visitor)
    }

    @Sendable private func undoRound(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.writing.undo(round: id, by: context.viewer)
        return site.redirect(TicketPaths.new() + "?round=\(id)")
    }

    // MARK: - Calls

    private func showCall(
        _ context: SignedInContext, _ entered: Form?, problem: Failure?
    ) async throws -> Response {
        let ticketID = context.parameters.get("id").flatMap { ID($0) }
        let (queues, contacts, ticket) = try await desk.database.read { [desk] db in
            (
                try desk.stores.queues.all(visibleTo: context.viewer, in: db),
                try desk.stores.tickets.recentContacts(visibleTo: context.viewer, in: db),
                try ticketID.map { try TicketView.read($0, desk, context.viewer, in: db) }
            )
        }
        if let ticket, !context.viewer.may(.note, queue: ticket.ticket.queue) {
            throw Failure(.notFound, "error-not-found")
        }
        let signs = signs(context)
        let channel = entered?["channel"] ?? "call"
        let known = ticket?.contact
        let page = CallPage(
            path: ticket.map { WritingPaths.call($0.ticket.id) } ?? WritingPaths.calls(),
            ticket: ticket.map { Link(.verbatim("#" + $0.ticket.number), TicketPaths.show($0.ticket.id)) },
            cancelPath: ticket.map { TicketPaths.show($0.ticket.id) } ?? TicketPaths.list(),
            queues: queues.filter { context.viewer.may(.note, queue: $0.id) }.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: String($0.id) == entered?["queue"])
            },
            channels: Calling.Channel.allCases.map {
                Choice($0.rawValue, Phrase("call-channel-\($0.rawValue)"), isSelected: $0.rawValue == channel)
            },
            isOutgoing: entered?["direction"] == "out", name: entered?["name"] ?? known?.name ?? "",
            address: entered?["address"] ?? ticket?.participants.first { !$0.isNewcomer }?.address ?? "",
            at: entered?["at"] ?? LocalTime.text(signs.now, zone: signs.zone), zone: signs.zone.identifier,
            subject: entered?["subject"] ?? "", text: entered?["text"] ?? "",
            contacts: contacts.map { ContactChoice(address: $0.address, name: $0.name) },
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func noteCall(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let content = Calling.Content(
            channel: Calling.Channel(rawValue: form["channel"]) ?? .call, isIncoming: form["direction"] != "out",
            name: form.trimmed("name"), address: EmailAddress.folded(form["address"]),
            subject: form.trimmed("subject"), text: form["text"],
            at: LocalTime.parse(form.trimmed("at"), zone: signs(context).zone) ?? 0)
        do {
            if let ticket = context.parameters.get("id").flatMap({ ID($0) }) {
                try await desk.calling.add(content, to: ticket, by: context.viewer)
                return site.redirect(TicketPaths.show(ticket) + "?notice=call-noted")
            }
            let id = try await desk.calling.open(content, queue: ID(form["queue"]) ?? 0, by: context.viewer)
            return site.redirect(TicketPaths.show(id) + "?notice=call-noted")
        } catch let failure as Failure where [.invalid, .tooLarge].contains(failure.code) {
            return try await showCall(context, form, problem: failure)
        }
    }
}
