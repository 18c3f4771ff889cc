import Base
import Correspondence
import Foundation
import Mail
import Oncall
import Outbox
import People
import Storage
import Web

extension Services {
    package var rotas: RotaStore { RotaStore(ids: ids, events: stores.events) }

    /// Calls people of rotas. Throws `configuration` where the strings are not found.
    package func paging() throws -> Paging {
        try Self.paging(settings, resources, stores, members, ids: ids, random: random, zone: zone)
    }

    /// The same while the services are still being put together.
    static func paging(
        _ settings: Settings, _ resources: LoadedResources, _ stores: Filing.Stores, _ members: MemberStore,
        ids: IDMaker, random: Randomness, zone: TimeZone
    ) throws -> Paging {
        let (strings, sendsMail) = (try resources.strings(), settings.sendsMail)
        let mails = NoticeMail(
            store: stores.outbox, raws: stores.raws, jobs: stores.jobs, ids: ids, random: random,
            from: MailAddress(name: "Liaison", address: try settings.requireNoticeFrom()),
            jobKind: Answering.dispatchJob, organisation: OrganisationName.stored)
        let words = PageWords(publicURL: settings.publicURL) { strings.translate(strings.supported($0)) }
        return Paging(
            pages: PageStore(ids: ids), rotas: RotaStore(ids: ids, events: stores.events), members: members,
            random: random, words: words,
            post: { content, at, db in sendsMail ? try mails.add(content, at: at, in: db) : nil },
            isQuiet: { id, now, db in
                guard let member = try members.find(id, in: db) else { return false }
                return try PaceStore().find(id, in: db).quietEnd(
                    at: now, in: TimeZone(identifier: member.zone) ?? zone) != nil
            },
            fault: Fault.paging(settings.fault))
    }
}

/// Takes the steps of pages that are due, on every node.
struct PagingLoop: Sendable {
    private static let pause: Duration = .seconds(1)
    private static let gapPause: Milliseconds = 600_000

    private let services: Services
    private let paging: Paging

    init(_ services: Services) throws {
        self.services = services
        paging = try services.paging()
    }

    func run() async {
        let gaps = GapWatch(paging)
        var looked: ContinuousClock.Instant?
        while !Task.isCancelled {
            do {
                if try await paging.run(services.database, at: services.clock.now()) > 0 { services.alarm.ring() }
                if looked.map({ ContinuousClock.now - $0 >= .milliseconds(Self.gapPause) }) ?? true {
                    if try await gaps.run(services.database, at: services.clock.now()) > 0 { services.alarm.ring() }
                    looked = ContinuousClock.now
                }
            } catch { services.log.warning("pages wait for their next step", metadata: ["error": "\(error)"]) }
            try? await Task.sleep(for: Self.pause)
        }
    }
}

extension Fault {
    /// Ends the process before or after a step of a page, as a crash would.
    static func paging(_ fault: String?) -> @Sendable (Paging.Point) -> Void {
        guard let fault, fault.hasPrefix("paging:") else { return { _ in } }
        let wanted = String(fault.dropFirst(7))
        return { point in if point.rawValue == wanted { kill(getpid(), SIGKILL) } }
    }
}

/// Takes the steps that queues want when goals come near, on every node.
struct EscalatingLoop: Sendable {
    private static let pause: Duration = .seconds(2)

    private let services: Services
    private let escalating: Escalating

    init(_ services: Services) throws {
        self.services = services
        escalating = Escalating(
            stores: services.stores, members: services.members, paging: try services.paging())
    }

    func run() async {
        while !Task.isCancelled {
            do {
                let taken = try await escalating.run(services.database, at: services.clock.now())
                if taken > 0 { services.alarm.ring() }
            } catch { services.log.warning("steps of escalation wait", metadata: ["error": "\(error)"]) }
            try? await Task.sleep(for: Self.pause)
        }
    }
}
