import Base
import Storage

/// The tables `page`, `page_ticket`, `page_step` and `page_link`.
package struct PageStore: Sendable {
    let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    // MARK: - Reading

    /// For the program itself.
    package func find(_ id: ID, in db: any Connection) throws -> Paged? {
        try db.first("SELECT * FROM page WHERE id = \(id)").map(Self.read)
    }

    /// The same, held against others until the transaction ends.
    func hold(_ id: ID, in db: any Connection) throws -> Paged? {
        try db.first("SELECT * FROM page WHERE id = \(id)\(db.forUpdate)").map(Self.read)
    }

    /// A page of a rota the viewer may look at.
    package func require(
        _ id: ID, visibleTo viewer: Viewer, rotas: RotaStore, in db: any Connection
    ) throws -> Paged {
        guard let page = try find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        _ = try rotas.require(page.rota, visibleTo: viewer, in: db)
        return page
    }

    /// Newest first.
    package func all(of rota: ID, limit: Int, in db: any Connection) throws -> [Paged] {
        try db.rows("SELECT * FROM page WHERE rota_id = \(rota) ORDER BY opened_at DESC, id DESC LIMIT \(limit)")
            .map(Self.read)
    }

    /// Pages of a ticket, newest first.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [Paged] {
        try db.rows(
            """
            SELECT page.* FROM page_ticket JOIN page ON page.id = page_ticket.page_id
            WHERE page_ticket.ticket_id = \(ticket) ORDER BY page.id DESC LIMIT 5
            """
        ).map(Self.read)
    }

    package func steps(of page: ID, in db: any Connection) throws -> [PageStep] {
        try db.rows("SELECT * FROM page_step WHERE page_id = \(page) ORDER BY position").map(Self.readStep)
    }

    /// Tickets of a page with their numbers, in the order they came; only those the viewer may see.
    package func tickets(
        of page: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [(id: ID, number: String)] {
        try db.rows(
            """
            SELECT ticket.id, ticket.number FROM page_ticket JOIN ticket ON ticket.id = page_ticket.ticket_id
            WHERE page_ticket.page_id = \(page) AND ticket.queue_id IN \(list: viewer.queues(.see))
            ORDER BY page_ticket.at, ticket.id LIMIT 50
            """
        ).map { (try $0.int("id"), try $0.text("number")) }
    }

    /// Numbers and nothing else, for a letter to whoever is called.
    func numbers(of page: ID, limit: Int, in db: any Connection) throws -> [(id: ID, number: String, queue: ID)] {
        try db.rows(
            """
            SELECT ticket.id, ticket.number, ticket.queue_id
            FROM page_ticket JOIN ticket ON ticket.id = page_ticket.ticket_id
            WHERE page_ticket.page_id = \(page) ORDER BY page_ticket.at, ticket.id LIMIT \(limit)
            """
        ).map { (try $0.int("id"), try $0.text("number"), try $0.int("queue_id")) }
    }

    package func ticketCount(of page: ID, in db: any Connection) throws -> Int {
        Int(try db.int("SELECT COUNT(*) AS n FROM page_ticket WHERE page_id = \(page)"))
    }

    /// Pages for which somebody is awaited, of rotas the viewer may look at.
    package func openCount(visibleTo viewer: Viewer, rotas: RotaStore, in db: any Connection) throws -> Int {
        let open = try db.rows("SELECT rota_id FROM page WHERE state = 'open' LIMIT 100").map { try $0.int("rota_id") }
        guard !open.isEmpty else { return 0 }
        let visible = Set(try rotas.all(visibleTo: viewer, in: db).map(\.id))
        return open.count { visible.contains($0) }
    }

    /// Pages whose next step may be due. A clock that stands before the last step was set back.
    func due(at now: Milliseconds, limit: Int, in db: any Connection) throws -> [ID] {
        let open = try db.rows(
            """
            SELECT id FROM page WHERE state = 'open' AND (next_at <= \(now) OR moved_at > \(now + Paging.slack))
            ORDER BY next_at LIMIT \(limit)
            """)
        let more = try db.rows(
            "SELECT id FROM page WHERE state = 'held' AND joined_at > told_at ORDER BY joined_at LIMIT \(limit)")
        return try (open + more).map { try $0.int("id") }
    }

    /// The page of a rota that another ticket joins: an open one, or one that was opened a short time ago.
    func joinable(
        _ rota: ID, _ reason: PageReason, since: Milliseconds, in db: any Connection
    ) throws -> Paged? {
        try db.first(
            """
            SELECT * FROM page WHERE rota_id = \(rota) AND reason = \(reason.rawValue)
                AND (state = 'open' OR opened_at >= \(since))
            ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, opened_at DESC, id DESC LIMIT 1\(db.forUpdate)
            """
        ).map(Self.read)
    }

    // MARK: - Changing

    func add(_ page: Paged, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO page (id, rota_id, reason, queue_id, state, opened_at, moved_at, next_at, outside_at, person_id,
                person_since, steps, held_by, held_at, joined_at, told_at)
            VALUES (\(page.id), \(page.rota), \(page.reason.rawValue), \(page.queue), \(page.state.rawValue),
                \(page.openedAt), \(page.movedAt), \(page.nextAt), \(page.outsideAt), \(page.person),
                \(page.personSince), \(page.steps), \(page.heldBy), \(page.heldAt), \(page.joinedAt), \(page.toldAt))
            """)
    }

    /// Writes the page back; `conflict` when another node took a step meanwhile.
    func save(_ page: Paged, after steps: Int, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE page SET state = \(page.state.rawValue), moved_at = \(page.movedAt), next_at = \(page.nextAt),
                outside_at = \(page.outsideAt), person_id = \(page.person), person_since = \(page.personSince),
                steps = \(page.steps), held_by = \(page.heldBy), held_at = \(page.heldAt),
                joined_at = \(page.joinedAt), told_at = \(page.toldAt), opened_at = \(page.openedAt)
            WHERE id = \(page.id) AND steps = \(steps)
            """)
    }

    /// False when the ticket is on the page already.
    func addTicket(
        _ ticket: ID, reason: PageReason, to page: ID, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        try db.execute(
            """
            INSERT INTO page_ticket (page_id, ticket_id, reason, at)
            VALUES (\(page), \(ticket), \(reason.rawValue), \(at)) ON CONFLICT (page_id, ticket_id) DO NOTHING
            """) == 1
    }

    /// A step has one place in its page: a second writer of the same one fails.
    func addStep(_ step: PageStep, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO page_step (id, page_id, position, kind, member_id, at, mail_id, mail_state, repeats)
            VALUES (\(step.id), \(step.page), \(step.position), \(step.kind.rawValue), \(step.member), \(step.at),
                \(step.mail), \(step.mailState), \(step.repeats))
            """)
    }

    func step(ofMail mail: ID, in db: any Connection) throws -> PageStep? {
        try db.first("SELECT * FROM page_step WHERE mail_id = \(mail)").map(Self.readStep)
    }

    func setMail(_ mail: ID?, state: String, repeats: Int, of step: ID, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE page_step SET mail_id = \(mail), mail_state = \(state), repeats = \(repeats) WHERE id = \(step)
            """)
    }

    /// Who was called could not be reached: the next person is due at once.
    func pass(_ page: ID, from person: ID?, at now: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE page SET next_at = \(now), person_since = 0
            WHERE id = \(page) AND state = 'open' AND person_id = \(person)
            """)
    }

    func noteJoined(_ page: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE page SET joined_at = \(at) WHERE id = \(page)")
    }

    // MARK: - Links

    /// A link is stored hashed; it opens one page for who it was sent to.
    func addLink(_ reference: String, page: ID, member: ID?, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO page_link (link_hash, page_id, member_id, used_at)
            VALUES (\(SHA256Digest.of(reference)), \(page), \(member), NULL)
            """)
    }

    func link(_ reference: String, in db: any Connection) throws -> (page: ID, member: ID?, isUsed: Bool)? {
        try db.first("SELECT * FROM page_link WHERE link_hash = \(SHA256Digest.of(reference))").map {
            (try $0.int("page_id"), try $0.optionalInt("member_id"), try $0.optionalInt("used_at") != nil)
        }
    }

    /// False when it was used before.
    func useLink(_ reference: String, at: Milliseconds, in db: any Connection) throws -> Bool {
        try db.execute(
            """
            UPDATE page_link SET used_at = \(at) WHERE link_hash = \(SHA256Digest.of(reference)) AND used_at IS NULL
            """) == 1
    }

    private static func read(_ row: Row) throws -> Paged {
        Paged(
            id: try row.int("id"), rota: try row.int("rota_id"),
            reason: PageReason(rawValue: try row.text("reason")) ?? .danger, queue: try row.optionalInt("queue_id"),
            state: Paged.State(rawValue: try row.text("state")) ?? .open, openedAt: try row.int("opened_at"),
            movedAt: try row.int("moved_at"), nextAt: try row.int("next_at"), outsideAt: try row.int("outside_at"),
            person: try row.optionalInt("person_id"), personSince: try row.int("person_since"),
            steps: Int(try row.int("steps")), heldBy: try row.optionalInt("held_by"),
            heldAt: try row.optionalInt("held_at"), joinedAt: try row.int("joined_at"), toldAt: try row.int("told_at"))
    }

    private static func readStep(_ row: Row) throws -> PageStep {
        PageStep(
            id: try row.int("id"), page: try row.int("page_id"), position: Int(try row.int("position")),
            kind: PageStep.Kind(rawValue: try row.text("kind")) ?? .call, member: try row.optionalInt("member_id"),
            at: try row.int("at"), mail: try row.optionalInt("mail_id"), mailState: try row.text("mail_state"),
            repeats: Int(try row.int("repeats")))
    }
}
