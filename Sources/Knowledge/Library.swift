import Base
import Foundation
import Hummingbird
import Jobs
import People
import Storage
import Text
import Web

/// What the pages of texts work with.
package struct Library: Sendable {
    package let database: Database
    package let store: KnowledgeStore
    package let proposals: ProposalStore
    package let members: MemberStore
    package let teams: TeamStore
    package let jobs: JobStore
    package let alarm: JobAlarm
    package let site: Site
    package let clock: Clock
    package let zone: TimeZone
    /// Queues a viewer sees, by id and name: they belong to another module.
    package let queues: @Sendable (Viewer, any Connection) throws -> [(id: ID, name: String)]
    /// Where a text comes from, for who may see that: another module's page.
    package var origin: @Sendable (ID, Viewer, any Connection) throws -> Link? = { _, _, _ in nil }

    /// How a text was used in letters, for who may see those: another module's counts.
    package var use: @Sendable (ID, Viewer, any Connection) throws -> TextUse? = { _, _, _ in nil }

    package init(
        database: Database, store: KnowledgeStore, proposals: ProposalStore, members: MemberStore, teams: TeamStore,
        jobs: JobStore, alarm: JobAlarm, site: Site, clock: Clock, zone: TimeZone,
        queues: @escaping @Sendable (Viewer, any Connection) throws -> [(id: ID, name: String)]
    ) {
        self.database = database
        self.store = store
        self.proposals = proposals
        self.members = members
        self.teams = teams
        self.jobs = jobs
        self.alarm = alarm
        self.site = site
        self.clock = clock
        self.zone = zone
        self.queues = queues
    }

    /// All pages of texts.
    package func add(to signedIn: RouterGroup<SignedInContext>) {
        KnowledgeListRoutes(self).add(to: signedIn)
        TextEditRoutes(self).add(to: signedIn)
        TextRoutes(self).add(to: signedIn)
        TextPropertyRoutes(self).add(to: signedIn)
        VersionRoutes(self).add(to: signedIn)
        TranslationRoutes(self).add(to: signedIn)
        ProposalRoutes(self).add(to: signedIn)
    }

    /// How values are shown to who asks.
    func signs(_ context: SignedInContext) -> TextSigns {
        TextSigns(
            language: site.strings.supported(context.visitor.language), zone: zone(of: context).identifier,
            now: clock.now())
    }

    /// In which moments are shown to them, and read from them.
    func zone(of context: SignedInContext) -> TimeZone {
        context.visitor.zone.isEmpty ? zone : TimeZone(identifier: context.visitor.zone) ?? zone
    }

    /// The language of a text that a reader wants: `?language=`, else that of their interface.
    func language(_ request: Request, _ context: SignedInContext) -> String {
        let asked = LanguageChain.normal(request.uri.queryParameters["language"].map { String($0) } ?? "")
        return asked.isEmpty || asked.utf8.count > 20 ? site.strings.supported(context.visitor.language) : asked
    }
}

/// How values of texts are shown to one reader.
struct TextSigns: Sendable {
    let language: String
    let zone: String
    let now: Milliseconds

    func moment(_ time: Milliseconds) -> Moment {
        Moment(time, at: now, language: language, zone: zone)
    }

    func day(_ time: Milliseconds) -> String { DateText.day(time, language: language, zone: zone) }

    func exact(_ time: Milliseconds) -> String { DateText.exact(time, language: language, zone: zone) }

    /// A day as it is kept, `2026-11-21`, in words.
    func day(_ text: String) -> String { Placeholder.day(text).map { DateText.day($0, language: language) } ?? text }

    func name(of code: String) -> String { LanguageNames.name(of: code, in: language) }

    func kind(_ kind: TextKind) -> Phrase { Phrase("knowledge-kind-\(kind.rawValue)") }

    /// What stands in the way of using it, or that nothing does.
    func state(_ text: KnowledgeText) -> TextSign {
        switch text.hindrance(at: now) {
        case nil: TextSign(Phrase("knowledge-state-published"), isWarning: false)
        case .draft: TextSign(Phrase("knowledge-state-draft"), isWarning: false)
        case .archived: TextSign(Phrase("knowledge-state-archived"), isWarning: false)
        case .scheduled:
            TextSign(Phrase("knowledge-state-scheduled", .text(exact(text.publishAt ?? now))), isWarning: false)
        case .embargo:
            TextSign(Phrase("knowledge-state-embargo", .text(exact(text.embargoUntil ?? now))), isWarning: true)
        case .expired: TextSign(Phrase("knowledge-state-expired"), isWarning: true)
        }
    }
}
