import Base
import Outbox
import People
import Storage

/// Calls a person of a rota until somebody has it.
///
/// 1. `page` opens a page, or joins the ticket to one of the same rota and reason that is open or was opened a short
///    time ago: a flood is one call. The first step is taken in the same transaction.
/// 2. A step calls who is on duty now; again after `repeatMinutes`; after `nextMinutes` the next person, and after
///    `outsideMinutes`, or when nobody can be called, the outside address, which is called again too. The step, its
///    mail and the time of the next one are one transaction: it happens whole or not at all, and only once, since a
///    step's place in its page is unique.
/// 3. Every node looks for due steps, so whoever lives goes on where another died. Steps that were due meanwhile are
///    not left out: each person's turn begins when they are called.
/// 4. A mail of which nobody knows whether it left goes out again under the same page, marked as a repeat: a second
///    call is allowed, a missing one is not. A mail that was refused makes the next person due at once.
/// 5. "I have it" ends it, by the page or by the link of the mail; a second one finds who has it. It can be given back.
///
/// A clock that was set back moves what is planned back with it; one that was put on makes steps due earlier.
package struct Paging: Sendable {
    /// Where a test may stop the process.
    package enum Point: String, Sendable {
        case beforeStep = "before-step"
        case afterStep = "after-step"
    }

    /// Queues a mail in the transaction of its step; nil where no mail can leave.
    package typealias Post = @Sendable (NoticeMail.Content, Milliseconds, any Connection) throws -> ID?

    /// Clocks of nodes may differ by so much.
    static let slack: Milliseconds = 60_000
    private static let minute: Milliseconds = 60_000
    private static let mostRepeats = 3

    package let pages: PageStore
    package let rotas: RotaStore
    package let shifts: ShiftStore
    let members: MemberStore
    let random: Randomness
    let words: PageWords
    let post: Post
    /// Whether a member must not be disturbed now; asked of reserves, not of who is on duty.
    let isQuiet: @Sendable (ID, Milliseconds, any Connection) throws -> Bool
    private let fault: @Sendable (Point) -> Void

    private var events: EventStore { rotas.events }

    package init(
        pages: PageStore, rotas: RotaStore, members: MemberStore, random: Randomness, words: PageWords,
        post: @escaping Post,
        isQuiet: @escaping @Sendable (ID, Milliseconds, any Connection) throws -> Bool = { _, _, _ in false },
        fault: @escaping @Sendable (Point) -> Void = { _ in }
    ) {
        self.pages = pages
        self.rotas = rotas
        shifts = ShiftStore(rotas: rotas)
        self.members = members
        self.random = random
        self.words = words
        self.post = post
        self.isQuiet = isQuiet
        self.fault = fault
    }

    // MARK: - Opening

    /// Calls for a ticket in the transaction of what asks for it; returns the page, or nil where there is no rota.
    /// `rota` is the queue's own, or the usual one, unless it is given. A ticket that is on the page already changes
    /// nothing.
    @discardableResult package func page(
        rota chosen: ID? = nil, reason: PageReason, ticket: ID?, queue: ID?, actor: ID? = nil, at now: Milliseconds,
        in db: any Connection
    ) throws -> ID? {
        let found =
            try chosen.map { try rotas.find($0, in: db) } ?? queue.flatMap { try rotas.find(forQueue: $0, in: db) }
        guard let rota = found else {
            try events.add(Event("page-without-rota", actor: actor, queue: queue, ticket: ticket), at: now, in: db)
            return nil
        }
        try db.lock("rota-\(rota.id)")
        if let ticket, let joined = try join(ticket, rota, reason, actor: actor, at: now, in: db) { return joined }
        let page = Paged(
            id: try pages.ids.make(), rota: rota.id, reason: reason, queue: queue, state: .open, openedAt: now,
            movedAt: now, nextAt: now, outsideAt: now + Milliseconds(rota.outsideMinutes) * Self.minute, person: nil,
            personSince: now, steps: 0, heldBy: nil, heldAt: nil, joinedAt: now, toldAt: now)
        try pages.add(page, in: db)
        if let ticket { _ = try pages.addTicket(ticket, reason: reason, to: page.id, at: now, in: db) }
        let data = ["page": String(page.id), "reason": reason.rawValue]
        try events.add(
            Event("page-opened", actor: actor, queue: queue, ticket: ticket, subject: rota.id, data: data), at: now,
            in: db)
        try takeStep(page, rota, at: now, in: db)
        return page.id
    }

    private func join(
        _ ticket: ID, _ rota: Rota, _ reason: PageReason, actor: ID?, at now: Milliseconds, in db: any Connection
    ) throws -> ID? {
        let since = now - Milliseconds(rota.joinMinutes) * Self.minute
        guard let page = try pages.joinable(rota.id, reason, since: since, in: db) else { return nil }
        guard try pages.addTicket(ticket, reason: reason, to: page.id, at: now, in: db) else { return page.id }
        try pages.noteJoined(page.id, at: max(now, page.toldAt + 1), in: db)
        let queue = try db.first("SELECT queue_id FROM ticket WHERE id = \(ticket)")?.int("queue_id")
        let event = Event(
            "page-joined", actor: actor, queue: queue, ticket: ticket, subject: rota.id, data: ["page": String(page.id)]
        )
        try events.add(event, at: now, in: db)
        return page.id
    }

    // MARK: - Steps

    /// Takes all steps that are due, each in its own transaction; returns how many pages moved.
    @discardableResult package func run(_ database: Database, at now: Milliseconds) async throws -> Int {
        let due = try await database.read { [pages] db in try pages.due(at: now, limit: 50, in: db) }
        var moved = 0
        var failure: (any Error)?
        for id in due {
            fault(.beforeStep)
            // A page that cannot move keeps no other one back.
            do {
                if try await database.write({ db in try step(id, at: now, in: db) }) { moved += 1 }
            } catch { failure = error }
            fault(.afterStep)
        }
        if let failure { throw failure }
        return moved
    }

    /// Looks again under the lock: another node may have taken the step, or somebody has it now.
    func step(_ id: ID, at now: Milliseconds, in db: any Connection) throws -> Bool {
        guard let page = try pages.hold(id, in: db), let rota = try rotas.find(page.rota, in: db) else { return false }
        switch page.state {
        case .held: return try tellOfMore(page, rota, at: now, in: db)
        case .open:
            guard page.nextAt <= now || page.movedAt > now + Self.slack else { return false }
            try takeStep(page, rota, at: now, in: db)
            return true
        }
    }

    private func takeStep(_ old: Paged, _ rota: Rota, at now: Milliseconds, in db: any Connection) throws {
        var page = old.fitted(to: now)
        let line = try self.line(of: rota, for: page, at: now, in: db)
        if let person = try nextPerson(page, rota, line, at: now, in: db) {
            let isNew = person != page.person || page.personSince == 0
            if isNew { (page.person, page.personSince) = (person, now) }
            let isFirst = try !pages.steps(of: page.id, in: db).contains { $0.kind == .call && $0.member == person }
            try record(isFirst ? .call : .again, member: person, &page, rota, at: now, in: db)
        } else {
            (page.person, page.personSince) = (nil, now)
            page.outsideAt = min(page.outsideAt, now)
            if page.steps == 0 { try note("page-nobody", page, actor: nil, subject: rota.id, at: now, in: db) }
        }
        if page.outsideAt <= now {
            let wasCalled = try pages.steps(of: page.id, in: db).contains { $0.kind == .outside }
            try record(wasCalled ? .outsideAgain : .outside, member: nil, &page, rota, at: now, in: db)
            page.outsideAt = now + Milliseconds(rota.nextMinutes) * Self.minute
        }
        page.movedAt = now
        let again = now + Milliseconds(rota.repeatMinutes) * Self.minute
        let next = page.person == nil ? again : page.personSince + Milliseconds(rota.nextMinutes) * Self.minute
        page.nextAt = max(now + 1000, min(again, next, page.outsideAt))
        try pages.save(page, after: old.steps, in: db)
    }

    /// Who is called now: the same person until their time is over, then who was not called yet, then from the start.
    private func nextPerson(
        _ page: Paged, _ rota: Rota, _ line: [ID], at now: Milliseconds, in db: any Connection
    ) throws -> ID? {
        let isOver = now - page.personSince >= Milliseconds(rota.nextMinutes) * Self.minute
        if let person = page.person, line.contains(person), !isOver { return person }
        var last: [ID: Int] = [:]
        for step in try pages.steps(of: page.id, in: db) {
            if step.kind == .call || step.kind == .again, let member = step.member { last[member] = step.position }
        }
        return line.enumerated().min {
            (last[$0.element] ?? 0, $0.offset) < (last[$1.element] ?? 0, $1.offset)
        }?.element
    }

    /// Those on duty, then reserves whose turn comes next. Whoever may not open the ticket is passed over, unless
    /// nobody may: the call names a number only, and none must be missing.
    private func line(
        of rota: Rota, for page: Paged, at now: Milliseconds, in db: any Connection
    ) throws -> [ID] {
        let plan = try shifts.plan(of: rota, in: db)
        var line = plan.onDuty(at: now).map(\.duty.member)
        let coming = plan.turns(from: now, until: now + 28 * WallTime.day).map(\.duty.member)
        let ready = try rotas.ready(in: rota.id, db)
        let reserves = try rotas.seats(of: rota.id, in: db).filter { seat in
            try seat.isReserve && ready.contains(seat.member) && !line.contains(seat.member)
                && !isQuiet(seat.member, now, db)
        }.map(\.member)
        line += reserves.sorted {
            (coming.firstIndex(of: $0) ?? Int.max, $0) < (coming.firstIndex(of: $1) ?? Int.max, $1)
        }
        guard let queue = page.queue else { return line }
        let seeing = try line.filter { id in
            try members.find(id, in: db).map { try members.viewer($0, in: db).may(.see, queue: queue) } ?? false
        }
        return seeing.isEmpty ? line : seeing
    }

    private func record(
        _ kind: PageStep.Kind, member: ID?, _ page: inout Paged, _ rota: Rota, at now: Milliseconds,
        in db: any Connection
    ) throws {
        page.steps += 1
        let mail = try send(
            kind, page, rota, to: member, isRepeat: kind == .again || kind == .outsideAgain, at: now, in: db)
        let step = PageStep(
            id: try pages.ids.make(), page: page.id, position: page.steps, kind: kind, member: member, at: now,
            mail: mail, mailState: mail == nil ? "" : OutboxState.queued.rawValue, repeats: 0)
        try pages.addStep(step, in: db)
        switch kind {
        case .call: try note("page-called", page, actor: nil, subject: member, at: now, in: db)
        case .outside: try note("page-outside", page, actor: nil, subject: rota.id, at: now, in: db)
        // Whoever is called by a webhook hears of it again too.
        default: try note("page-repeated", page, actor: nil, subject: member ?? rota.id, most: 1, at: now, in: db)
        }
    }

    private func send(
        _ kind: PageStep.Kind, _ page: Paged, _ rota: Rota, to member: ID?, isRepeat: Bool, at now: Milliseconds,
        in db: any Connection
    ) throws -> ID? {
        let person = try member.flatMap { try members.find($0, in: db) }
        let seat = try member.flatMap { try rotas.seat(of: $0, rota: rota.id, in: db) }
        let own = seat?.address ?? ""
        let address = person.map { own.isEmpty ? $0.email : own } ?? rota.outsideAddress
        let reference = random.reference()
        try pages.addLink(reference, page: page.id, member: member, in: db)
        let first = try pages.numbers(of: page.id, limit: 1, in: db).first
        let call = PageWords.Call(
            page: page, kind: kind, isRepeat: isRepeat, ticket: first.map { ($0.id, $0.number) },
            count: try pages.ticketCount(of: page.id, in: db), reference: reference, to: address,
            language: person?.language ?? rota.outsideLanguage,
            minutes: Int(max(0, now - page.openedAt) / Self.minute))
        return try post(words.call(call), now, db)
    }

    /// What became of a mail, told in the transaction that records it.
    package func noteOutcome(
        _ state: OutboxState, ofMail mail: ID, at now: Milliseconds, in db: any Connection
    ) throws {
        guard let step = try pages.step(ofMail: mail, in: db), let page = try pages.hold(step.page, in: db) else {
            return
        }
        guard state == .inDoubt, page.state == .open || step.kind == .more, step.repeats < Self.mostRepeats,
            let rota = try rotas.find(page.rota, in: db)
        else {
            try pages.setMail(mail, state: state.rawValue, repeats: step.repeats, of: step.id, in: db)
            if state == .failed { try pages.pass(page.id, from: step.member, at: now, in: db) }
            return
        }
        let again = try send(step.kind, page, rota, to: step.member, isRepeat: true, at: now, in: db)
        try pages.setMail(
            again, state: OutboxState.queued.rawValue, repeats: step.repeats + 1, of: step.id, in: db)
    }

    // MARK: - Having it

    /// Somebody has it: nobody else is called, and who was called is told. Returns the page as it is now; a second
    /// call changes nothing.
    @discardableResult package func hold(
        _ id: ID, by member: ID?, at now: Milliseconds, in db: any Connection
    ) throws -> Paged {
        guard var page = try pages.hold(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        guard page.state == .open else { return page }
        let before = page.steps
        page = page.fitted(to: now)
        page.state = .held
        (page.heldBy, page.heldAt, page.movedAt, page.toldAt, page.joinedAt) = (member, now, now, now, now)
        try addStep(.held, member, &page, at: now, in: db)
        try pages.save(page, after: before, in: db)
        try note("page-held", page, actor: member, subject: page.rota, at: now, in: db)
        let name = try member.flatMap { try members.find($0, in: db)?.name }
        let called = Set(try pages.steps(of: id, in: db).filter { $0.kind == .call }.compactMap(\.member))
        for other in called.subtracting([member ?? 0]).sorted() {
            guard let person = try members.find(other, in: db) else { continue }
            _ = try post(words.held(page, by: name, to: person.email, language: person.language), now, db)
        }
        return page
    }

    /// Who has it cannot go on: the next person is called at once. Only they may say so.
    package func giveBack(_ id: ID, by member: ID, at now: Milliseconds, in db: any Connection) throws {
        guard var page = try pages.hold(id, in: db), page.state == .held, page.heldBy == member,
            let rota = try rotas.find(page.rota, in: db)
        else { throw Failure(.conflict, "oncall-not-held") }
        let before = page.steps
        page = page.fitted(to: now)
        page.state = .open
        (page.heldBy, page.heldAt, page.person, page.movedAt) = (nil, nil, nil, now)
        page.outsideAt = now + Milliseconds(rota.outsideMinutes) * Self.minute
        try addStep(.returned, member, &page, at: now, in: db)
        try pages.save(page, after: before, in: db)
        try note("page-returned", page, actor: member, subject: page.rota, at: now, in: db)
        try takeStep(page, rota, at: now, in: db)
    }

    /// Who has it hears once in a while that more tickets joined.
    private func tellOfMore(_ old: Paged, _ rota: Rota, at now: Milliseconds, in db: any Connection) throws -> Bool {
        let pause = Milliseconds(rota.repeatMinutes) * Self.minute
        guard old.joinedAt > old.toldAt, now - old.toldAt >= pause || old.toldAt > now + Self.slack else {
            return false
        }
        var page = old.fitted(to: now)
        try record(.more, member: page.heldBy, &page, rota, at: now, in: db)
        (page.toldAt, page.joinedAt, page.movedAt) = (now, now, now)
        try pages.save(page, after: old.steps, in: db)
        return true
    }

    private func addStep(
        _ kind: PageStep.Kind, _ member: ID?, _ page: inout Paged, at now: Milliseconds, in db: any Connection
    ) throws {
        page.steps += 1
        let step = PageStep(
            id: try pages.ids.make(), page: page.id, position: page.steps, kind: kind, member: member, at: now,
            mail: nil, mailState: "", repeats: 0)
        try pages.addStep(step, in: db)
    }

    /// One event in the history of each of its tickets; signed webhooks tell of it too, under the page's number.
    private func note(
        _ kind: String, _ page: Paged, actor: ID?, subject: ID?, most: Int = 50, at: Milliseconds,
        in db: any Connection
    ) throws {
        let data = ["page": String(page.id)]
        let tickets = try pages.numbers(of: page.id, limit: most, in: db)
        for ticket in tickets {
            let event = Event(
                kind, actor: actor, queue: ticket.queue, ticket: ticket.id, subject: subject, data: data)
            try events.add(event, at: at, in: db)
        }
        if tickets.isEmpty { try events.add(Event(kind, actor: actor, subject: subject, data: data), at: at, in: db) }
    }
}

extension Paged {
    /// The same after the clock was set back: what is planned moves back with it.
    func fitted(to now: Milliseconds) -> Paged {
        guard movedAt > now + Paging.slack else { return self }
        let lost = movedAt - now
        var page = self
        page.openedAt -= lost
        page.nextAt -= lost
        page.outsideAt -= lost
        if page.personSince > 0 { page.personSince -= lost }
        page.joinedAt -= lost
        page.toldAt -= lost
        page.movedAt = now
        return page
    }
}
