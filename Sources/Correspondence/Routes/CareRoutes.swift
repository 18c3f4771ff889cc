import Base
import Hummingbird
import Jobs
import Outbox
import Storage
import Web

/// What needs care, for administrators.
package struct CareRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.care.route, use: care)
        signedIn.post(QueuePaths.retry.route, use: retry)
        signedIn.post(QueuePaths.checks.route) { request, context in
            try office.requireAdministrator(context)
            _ = try await site.form(request, of: context.visitor)
            office.examine()
            return site.redirect(QueuePaths.care() + "#checks")
        }
    }

    @Sendable private func care(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let signs = office.signs(context)
        let (mails, jobs, subjects) = try await desk.database.read { [desk] db in
            let mails = try desk.stores.outbox.inNeedOfCare(visibleTo: context.viewer, limit: 100, in: db)
            var subjects: [ID: String] = [:]
            for id in mails.compactMap(\.ticket) { subjects[id] = try desk.stores.tickets.find(id, in: db)?.subject }
            return (mails, try desk.stores.jobs.dead(limit: 100, in: db), subjects)
        }
        let lines = mails.map { mail in
            MailInCare(
                subject: mail.ticket.flatMap { subjects[$0] } ?? mail.headerID,
                recipient: mail.recipients.map(\.address).joined(separator: ", "),
                ticketPath: mail.ticket.map { TicketPaths.show($0) } ?? "", delivery: Self.sign(mail),
                moment: signs.moment(mail.notBefore))
        }
        let dead = jobs.map { dead in
            DeadJob(
                id: String(dead.job.id), kind: dead.job.kind, attempts: dead.job.attempts, detail: dead.error,
                moment: signs.moment(IDMaker.time(of: dead.job.id)), retry: Action(QueuePaths.retry(dead.job.id)),
                drop: nil)
        }
        let checks = office.checks()
        let page = CarePage(
            mails: lines, jobs: dead, checks: checks, checkAgain: Action(QueuePaths.checks()),
            isFine: lines.isEmpty && dead.isEmpty && checks.allSatisfy { $0.state == .fine })
        return site.page(page, for: context.visitor)
    }

    private static func sign(_ item: OutboxItem) -> DeliverySign {
        let state: DeliverySign.State = item.state == .failed ? .failed : .doubt
        let said = item.recipients.map(\.reply).filter { !$0.isEmpty }.joined(separator: "\n")
        return DeliverySign(
            state: state, label: Phrase("delivery-\(state.rawValue)"), detail: said.isEmpty ? nil : said, undo: nil,
            resend: item.message.map { Action(MessagePaths.resending($0)) },
            settle: state == .doubt ? item.message.map { Action(MessagePaths.settling($0)) } : nil)
    }

    @Sendable private func retry(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.database.write { [desk] db in try desk.stores.jobs.revive(id, in: db) }
        desk.alarm.ring()
        return site.redirect(QueuePaths.care())
    }
}
