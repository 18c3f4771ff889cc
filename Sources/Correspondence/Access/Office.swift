import Base
import Mail
import Outbox
import People
import Storage
import Web

/// What the pages of administrators and leads work with.
package struct Office: Sendable {
    package let desk: Desk
    package let site: Site
    package let teams: TeamStore
    package let hours: HoursStore
    package let servers: MailServerStore
    package let mailboxes: MailboxStore
    package let tokens: TokenStore
    /// `HOST:PORT` of the server the configuration names for mail that leaves.
    package let configuredServer: String
    /// What `doctor` found last; asking anew is `examine`.
    package let checks: @Sendable () -> [Check]
    package let examine: @Sendable () -> Void

    package init(
        desk: Desk, site: Site, teams: TeamStore, hours: HoursStore, servers: MailServerStore,
        mailboxes: MailboxStore, tokens: TokenStore, configuredServer: String,
        checks: @escaping @Sendable () -> [Check], examine: @escaping @Sendable () -> Void
    ) {
        self.desk = desk
        self.site = site
        self.teams = teams
        self.hours = hours
        self.servers = servers
        self.mailboxes = mailboxes
        self.tokens = tokens
        self.configuredServer = configuredServer
        self.checks = checks
        self.examine = examine
    }

    var granting: Granting { Granting(members: desk.members, teams: teams) }

    func signs(_ context: SignedInContext) -> Signs { TicketRoutes(desk: desk, site: site).signs(context) }

    func requireAdministrator(_ context: SignedInContext) throws(Failure) {
        guard context.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    /// The queue of the path, for those who keep it.
    func requireQueue(_ context: SignedInContext) async throws -> Queue {
        let id = try context.requireID()
        return try await desk.database.read { [desk] db in
            try desk.stores.queues.require(id, keptBy: context.viewer, in: db)
        }
    }

    /// The pages of one queue that this viewer may open.
    func tabs(of queue: Queue, _ viewer: Viewer, current: PathPattern) -> [Tab] {
        Self.tabs(of: queue, viewer, current: current)
    }

    static func tabs(of queue: Queue, _ viewer: Viewer, current: PathPattern) -> [Tab] {
        guard viewer.mayKeep(queue: queue.id) else { return [] }
        var pages: [(PathPattern, Phrase)] = []
        if viewer.isAdministrator { pages.append((QueuePaths.edit, Phrase("queue-tab-settings"))) }
        pages.append((QueuePaths.rights, Phrase("queue-tab-rights")))
        pages.append((QueuePaths.texts, Phrase("queue-tab-texts")))
        pages.append((QueuePaths.hours, Phrase("queue-tab-hours")))
        pages.append((LevelPaths.queue, Phrase("level-tab")))
        pages.append((ReviewPaths.settings, Phrase("review-settings-tab")))
        if viewer.may(.manage, queue: queue.id) { pages.append((FormPaths.settings, Phrase("form-settings-link"))) }
        if viewer.may(.note, queue: queue.id) { pages.append((SafetyPaths.blocked, Phrase("blocked-title"))) }
        if viewer.isAdministrator, viewer.may(.manage, queue: queue.id) {
            pages.append((ErasurePaths.retention, Phrase("retention-tab")))
        }
        if queue.isConfidential, viewer.may(.manage, queue: queue.id) {
            pages.append((QueuePaths.readers, Phrase("queue-tab-readers")))
        }
        return pages.map { Tab($0.1, $0.0(queue.id), isCurrent: $0.0.pattern == current.pattern) }
    }

    /// Rights in the reader's words.
    func words(of rights: Set<Right>, _ language: String) -> String {
        let translate = site.strings.translate(language)
        return Right.allCases.filter { rights.contains($0) }.map { translate("right-\($0.rawValue)", []) }
            .joined(separator: " · ")
    }
}
