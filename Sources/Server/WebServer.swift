import Base
import Correspondence
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Knowledge
import Logging
import NIOCore
import NIOSSL
import Oncall
import People
import ServiceLifecycle
import Storage
import Text
import Web

/// The pages, the API and the health checks as one HTTP server.
struct WebServer: Sendable {
    private let services: Services
    let site: Site
    private let metrics: Metrics
    private let description: String
    private let ways: WaysIn
    private let paging: Paging
    private let webhooks: Webhooks
    private let budget: CallBudget

    init(_ services: Services) throws {
        self.services = services
        let folder = try Resources.folder(services.settings)
        let templates = folder.appending(path: "Resources/templates", directoryHint: .isDirectory)
        site = Site(
            renderer: try Renderer(templates: templates),
            strings: try services.resources.strings(),
            files: try StaticFiles(folder.appending(path: "Resources/static", directoryHint: .isDirectory)),
            publicURL: services.settings.publicURL, key: services.key, random: services.random, clock: services.clock,
            organisation: services.organisation, rooms: Self.rooms)
        ways = try services.waysIn()
        paging = try services.paging()
        webhooks = try services.webhooks()
        budget = CallBudget(perMinute: services.settings.apiRate, clock: services.clock)
        metrics = Metrics(services)
        description = try String(contentsOf: folder.appending(path: "Resources/openapi.json"), encoding: .utf8)
    }

    /// Rooms one may enter: leads of queues and teams find theirs too.
    private static func rooms(_ viewer: Viewer) -> [Frame.Room] {
        let keepsQueues = viewer.isAdministrator || !viewer.queues(.manage).isEmpty
        var rooms = [
            Frame.Room(id: "home", name: Phrase("web-room-home"), icon: "home", path: SitePaths.home()),
            Frame.Room(id: "tickets", name: Phrase("web-room-tickets"), icon: "tickets", path: SitePaths.tickets()),
        ]
        if viewer.isAdministrator || !viewer.queues(.see).isEmpty {
            rooms.append(
                Frame.Room(id: "oncall", name: Phrase("oncall-room"), icon: "oncall", path: OncallPaths.list()))
        }
        rooms.append(
            Frame.Room(
                id: "knowledge", name: Phrase("web-room-knowledge"), icon: "knowledge", path: KnowledgePaths.list()))
        if !viewer.queues(.draft).isEmpty || !viewer.queues(.approve).isEmpty {
            rooms.append(reviewRoom(viewer))
        }
        if !viewer.queues(.see).isEmpty { rooms.append(incidentRoom) }
        if keepsQueues {
            let queues = Frame.RoomPage("queues", Phrase("web-room-queues"), QueuePaths.list())
            let mail = Frame.RoomPage("connections", Phrase("connection-list-title"), ConnectionPaths.list())
            let rules = Frame.RoomPage("rules", Phrase("rule-list-title"), RulePaths.list())
            let hooks = Frame.RoomPage("webhooks", Phrase("webhook-list-title"), WebhookPaths.list())
            rooms.append(
                Frame.Room(
                    id: "queues", name: Phrase("web-room-queues"), icon: "queues", path: QueuePaths.list(),
                    pages: viewer.isAdministrator ? [queues, mail, rules, hooks] : [queues, rules, hooks]))
        }
        let teams = Frame.RoomPage("teams", Phrase("team-list-title"), AccessPaths.teams())
        if viewer.isAdministrator {
            let members = Frame.RoomPage("members", Phrase("web-room-members"), MemberPaths.list())
            let tokens = Frame.RoomPage("tokens", Phrase("token-list-title"), AccessPaths.tokens())
            let care = Frame.RoomPage("care", Phrase("web-room-care"), QueuePaths.care())
            let house = Frame.RoomPage("organisation", Phrase("organisation-title"), AccessPaths.organisation())
            let audit = Frame.RoomPage("audit", Phrase("audit-title"), AccessPaths.audit())
            rooms += [
                Frame.Room(
                    id: "members", name: Phrase("web-room-members"), icon: "members", path: MemberPaths.list(),
                    pages: [members, teams, tokens, house]),
                Frame.Room(
                    id: "safety", name: Phrase("web-room-safety"), icon: "safety", path: "/safety",
                    pages: [
                        Frame.RoomPage("safety", Phrase("web-room-safety"), "/safety"),
                        Frame.RoomPage("triage", Phrase("triage-title"), TriagePaths.room()),
                        Frame.RoomPage("people", Phrase("erasure-people"), ErasurePaths.people()),
                    ]),
                Frame.Room(
                    id: "care", name: Phrase("web-room-care"), icon: "care", path: QueuePaths.care(),
                    pages: [care, audit]),
            ]
        } else {
            rooms += roomsOfLeads(viewer)
        }
        return rooms
    }

    private static func roomsOfLeads(_ viewer: Viewer) -> [Frame.Room] {
        var rooms: [Frame.Room] = []
        if !viewer.ledTeams.isEmpty {
            let name = Phrase("team-list-title")
            rooms.append(Frame.Room(id: "members", name: name, icon: "members", path: AccessPaths.teams()))
        }
        // Who keeps a confidential queue decides whether tickets are protected into it.
        if viewer.queues(.manage).contains(where: viewer.confidentialQueues.contains) {
            let name = Phrase("web-room-safety")
            rooms.append(Frame.Room(id: "safety", name: name, icon: "safety", path: "/safety"))
        }
        return rooms
    }

    private static var incidentRoom: Frame.Room {
        Frame.Room(
            id: "incidents", name: Phrase("incident-list-title"), icon: "incidents", path: IncidentPaths.list(),
            pages: [
                Frame.RoomPage("incidents", Phrase("incident-list-title"), IncidentPaths.list()),
                Frame.RoomPage("causes", Phrase("incident-causes-title"), IncidentPaths.causes()),
            ])
    }

    private static func reviewRoom(_ viewer: Viewer) -> Frame.Room {
        let list = Frame.RoomPage("reviews", Phrase("review-list-title"), ReviewPaths.list())
        let texts = Frame.RoomPage("texts", Phrase("review-texts-title"), ReviewPaths.textList())
        let lessons = Frame.RoomPage("lessons", Phrase("review-lessons-title"), ReviewPaths.lessonList())
        let sees = !viewer.queues(.approve).isEmpty || !viewer.queues(.manage).isEmpty
        return Frame.Room(
            id: "reviews", name: Phrase("web-room-reviews"), icon: "reviews", path: ReviewPaths.list(),
            pages: sees ? [list, texts, lessons] : [list, lessons])
    }

    /// The server as a service; `ready` is told the port it listens on.
    func application(ready: @escaping @Sendable (Int) async -> Void) throws -> any Service {
        let (host, port) = try Settings.hostAndPort(services.settings.http)
        let configuration = ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil)
        let listening: @Sendable (any Channel) async -> Void = { channel in
            await ready(channel.localAddress?.port ?? port)
        }
        guard let certificate = services.settings.tlsCertificate, let key = services.settings.tlsKey else {
            return Application(
                router: router(), configuration: configuration, onServerRunning: listening, logger: services.log)
        }
        return Application(
            router: router(), server: try .tls(tlsConfiguration: Self.tls(certificate: certificate, key: key)),
            configuration: configuration, onServerRunning: listening, logger: services.log)
    }

    private static func tls(certificate: String, key: String) throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            return .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(privateKey))
        } catch {
            throw Failure(.configuration, "error-configuration", details: "the TLS certificate or key cannot be read")
        }
    }

    /// All routes; a test walks through them.
    func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self)
        router.middlewares.add(SecurityHeaders(isSecure: site.isSecure))
        router.middlewares.add(Compression())
        router.middlewares.add(FailureAnswers(site: site, log: services.log))
        router.middlewares.add(SameOrigin(publicURL: site.publicURL))
        addHealth(to: router)
        router.get("/static/:name") { request, context in
            let encodings = request.headers[.acceptEncoding]
            return try site.files.response(context.parameters.get("name") ?? "", acceptEncoding: encodings)
        }
        let access = APIAccess(
            database: services.database, members: services.members, sessions: services.sessions, budget: budget)
        router.middlewares.add(CallCounting(budget))
        router.middlewares.add(EntityTags())
        router.middlewares.add(SeenFirst(desk: desk, access: access))
        let api = APIRoutes(
            desk: desk, access: access, idempotency: IdempotencyStore(), description: description)
        api.add(to: router)
        RuleAPI(api).add(to: router)
        AccountAPI(api, ways: ways).add(to: router)
        AccessAPI(office, access: access).add(to: router)
        OncallAPI(desk: desk, paging: paging, access: access).add(to: router)
        addAPI(api, to: router)
        APIDraftRoutes(
            desk: desk, access: access, idempotency: IdempotencyStore(),
            strings: site.strings
        ).add(to: router)
        CheckAPI(desk: desk, access: access).add(to: router)
        KnowledgeAPI(library, access: access, idempotency: IdempotencyStore()).add(to: router)
        APIReviewRoutes(desk: desk, access: access, idempotency: IdempotencyStore()).add(to: router)
        TriageAPI(desk: desk, access: access, idempotency: IdempotencyStore()).add(to: router)
        addPages(to: router)
        return router
    }

    private func addAPI(_ api: APIRoutes, to router: Router<WebContext>) {
        WebhookAPI(api, webhooks: webhooks).add(to: router)
        NoticeAPI(api).add(to: router)
        IncidentAPI(api, grouping: services.groupAnswering).add(to: router)
        LineAPI(api, grouping: services.groupAnswering).add(to: router)
        CallAPI(api).add(to: router)
        DraftFileAPI(api).add(to: router)
        SuggestionAPI(api).add(to: router)
        SafetyAPI(api).add(to: router)
        QueueAPI(api, office: office, forms: services.forms).add(to: router)
        TeamAPI(api, office: office).add(to: router)
        MemberAPI(api, ways: ways, languages: site.strings.languages).add(to: router)
        FilterAPI(api).add(to: router)
        AuditAPI(api).add(to: router)
        ContactAPI(api).add(to: router)
        ErasureAPI(api, erasing: services.erasing).add(to: router)
    }

    private func addPages(to router: Router<WebContext>) {
        router.middlewares.add(SessionMiddleware(ways, site: site, proxies: services.settings.trustedProxies))
        router.middlewares.add(LiveMarks(database: services.database, hub: services.live))
        let first = router.group().group(context: SignedInContext.self)
        SignInRoutes(ways, site: site).add(to: router, signedIn: first)
        SecondFactorRoutes(ways, site: site).add(to: first)
        InvitationRoutes(ways, site: site).add(to: router)
        PasswordResetRoutes(ways, resetting: services.passwordResetting(ways), site: site).add(to: router)
        let pages = router.group().add(middleware: StepsBeforeWork(site: site))
            .add(
                middleware: WaitingCounts(desk: desk) { [proposals = services.proposals] viewer, db in
                    ["knowledge": Int(try proposals.waiting(for: viewer.memberID, in: db))]
                }
            ).add(middleware: SeenFirst(desk: desk)).group(context: SignedInContext.self)
        TicketRoutes(desk: desk, site: site).add(to: pages)
        HomeRoutes(desk: desk, site: site).add(to: pages)
        TicketChangeRoutes(desk: desk, site: site).add(to: pages)
        BulkRoutes(desk: desk, site: site).add(to: pages)
        ReplyRoutes(desk: desk, site: site).add(to: pages)
        MessageRoutes(desk: desk, site: site).add(to: pages)
        QueueRoutes(office).add(to: pages)
        QueueTextRoutes(office).add(to: pages)
        QueueRightRoutes(office).add(to: pages)
        HoursRoutes(office).add(to: pages)
        LevelRoutes(office).add(to: pages)
        OncallRoutes(paging, database: services.database, site: site, clock: services.clock, zone: services.zone)
            .add(to: pages, public: router)
        ReadLogRoutes(office).add(to: pages)
        ConnectionRoutes(office).add(to: pages)
        ConnectionEditRoutes(office).add(to: pages)
        TeamRoutes(office).add(to: pages)
        MemberAccessRoutes(office).add(to: pages)
        AuditRoutes(office).add(to: pages)
        WebhookRoutes(office, webhooks: webhooks).add(to: pages)
        OrganisationRoutes(office).add(to: pages)
        CareRoutes(office).add(to: pages)
        DraftRoutes(desk: desk, site: site).add(to: pages)
        CheckRoutes(desk: desk, site: site).add(to: pages)
        SuggestionRoutes(desk: desk, site: site).add(to: pages)
        ReviewRoutes(desk: desk, site: site).add(to: pages)
        ReviewSettingsRoutes(office).add(to: pages)
        TextRequestRoutes(desk: desk, site: site, forms: services.forms).add(to: router, signedIn: pages)
        TextToldRoutes(desk: desk, site: site, forms: services.forms).add(to: router)
        ForwardRoutes(desk: desk, site: site).add(to: pages)
        NewTicketRoutes(desk: desk, site: site).add(to: pages)
        AcknowledgementRoutes(desk: desk, site: site).add(to: pages)
        LiveRoutes(desk: desk, site: site, hub: services.live, session: services.liveSession).add(to: pages)
        NoticeRoutes(desk: desk, site: site).add(to: pages)
        FormRoutes(desk: desk, site: site, forms: services.forms, submitting: services.submitting).add(
            to: router, signedIn: pages)
        SafetyRoutes(desk: desk, site: site).add(to: pages)
        HelpRoutes(
            database: services.database, store: services.knowledge, site: site, clock: services.clock,
            zone: services.zone.identifier, ask: { "/contact?language=\($0)" }
        ).add(to: router)
        addAids(to: pages)
        library.add(to: pages)
        MemberRoutes(ways, site: site).add(to: pages)
        AccountRoutes(ways, site: site).add(to: pages)
    }

    /// What helps with many tickets: rules, macros, triage, incidents; and what people have a right to.
    private func addAids(to pages: RouterGroup<SignedInContext>) {
        ErasureRoutes(office, erasing: services.erasing).add(to: pages)
        RetentionRoutes(office).add(to: pages)
        RuleRoutes(desk: desk, site: site).add(to: pages)
        TicketAidRoutes(desk: desk, site: site).add(to: pages)
        MacroRoutes(desk: desk, site: site).add(to: pages)
        ChecklistRoutes(desk: desk, site: site).add(to: pages)
        AssignmentRoutes(desk: desk, site: site).add(to: pages)
        TriageRoutes(desk: desk, site: site).add(to: pages)
        TriageRoomRoutes(office).add(to: pages)
        IncidentRoutes(desk: desk, site: site, grouping: services.groupAnswering).add(to: pages)
        LineRoutes(desk: desk, site: site, grouping: services.groupAnswering).add(to: pages)
    }

    private var office: Office {
        Office(
            desk: desk, site: site, teams: services.teams,
            hours: HoursStore(events: services.stores.events), servers: services.mailServers,
            mailboxes: services.mailboxes, tokens: TokenStore(events: services.stores.events),
            configuredServer: services.configuredServer, checks: { services.examined.checks() },
            examine: { services.examined.ask() })
    }

    private var library: Library {
        let queues = services.stores.queues
        var library = Library(
            database: services.database, store: services.knowledge, proposals: services.proposals,
            members: services.members, teams: services.teams, jobs: services.stores.jobs, alarm: services.alarm,
            site: site, clock: services.clock, zone: services.zone
        ) { viewer, db in
            try queues.all(in: db).filter { viewer.may(.see, queue: $0.id) }.map { ($0.id, $0.name) }
        }
        let insertions = services.answering.insertions
        library.use = { text, viewer, db in
            try UseOfTexts.sentences(of: text, in: insertions, visibleTo: viewer, in: db)
        }
        library.origin = { text, viewer, db in try ReviewOrigin.link(ofText: text, visibleTo: viewer, in: db) }
        return library
    }

    private var desk: Desk {
        var desk = Desk(
            database: services.database, stores: services.stores, members: services.members, drafts: services.drafts,
            search: services.search, answering: services.answering, noting: services.noting, reader: services.reader,
            numbers: services.numbers, alarm: services.alarm, ids: services.ids, clock: services.clock,
            zone: services.zone)
        desk.paging = paging
        desk.triage = services.triage
        desk.sources = services.answering.sources
        return desk
    }

    private func addHealth(to router: Router<WebContext>) {
        router.get("/healthz") { _, _ in Self.text("ok\n") }
        router.get("/readyz") { _, _ in
            do {
                _ = try await services.database.read { try $0.int("SELECT COUNT(*) AS n FROM schema_migration") }
                return Self.text("ready\n")
            } catch { return Self.text("not ready\n", status: .serviceUnavailable) }
        }
        router.get("/metrics") { _, _ in Self.text(try await metrics.text()) }
    }

    private static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Where templates, static files and strings are.
package enum Resources {
    /// The folder with `Resources/` and `i18n/`: the setting, `../share/liaison` beside the program, or the folder the
    /// program was started in.
    package static func folder(_ settings: Settings) throws(Failure) -> URL {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates =
            settings.resources.map { [URL(fileURLWithPath: $0, isDirectory: true)] } ?? [
                program.deletingLastPathComponent().appending(path: "share/liaison", directoryHint: .isDirectory),
                URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
            ]
        let found = candidates.first { FileManager.default.fileExists(atPath: $0.appending(path: "i18n").path) }
        guard let found else {
            throw Failure(
                .configuration, "error-configuration",
                details: "templates and strings are not found: give --resources DIR")
        }
        return found
    }
}

/// `/metrics` in Prometheus' text format: counts only, nothing of persons.
struct Metrics: Sendable {
    private let services: Services

    init(_ services: Services) { self.services = services }

    func text() async throws -> String {
        let counts = try await services.database.read { [services] db in
            (
                try services.stores.jobs.counts(in: db),
                try db.rows("SELECT state, COUNT(*) AS n FROM outbox GROUP BY state ORDER BY state").map {
                    (try $0.text("state"), try $0.int("n"))
                },
                try db.int("SELECT COUNT(*) AS n FROM event WHERE seq IS NULL")
            )
        }
        var lines = ["# TYPE liaison_jobs_waiting gauge", "# TYPE liaison_jobs_dead gauge"]
        for (kind, waiting, dead) in counts.0 {
            lines.append("liaison_jobs_waiting{kind=\"\(kind)\"} \(waiting)")
            lines.append("liaison_jobs_dead{kind=\"\(kind)\"} \(dead)")
        }
        lines.append("# TYPE liaison_outbox gauge")
        for (state, count) in counts.1 { lines.append("liaison_outbox{state=\"\(state)\"} \(count)") }
        lines += ["# TYPE liaison_events_unsealed gauge", "liaison_events_unsealed \(counts.2)"]
        return lines.joined(separator: "\n") + "\n"
    }
}
