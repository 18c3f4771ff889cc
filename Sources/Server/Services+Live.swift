import Base
import Correspondence
import Foundation
import Mail
import Outbox
import People
import Storage
import Web

extension Services {
    /// Looked up anew at each read of a stream.
    var liveSession: LiveSession {
        let (sessions, members, clock) = (sessions, members, clock)
        return LiveSession { reference, db in
            guard let session = try sessions.find(reference, at: clock.now(), in: db) else { return nil }
            return try members.viewer(session.member, in: db)
        }
    }

    var noticeMaking: NoticeMaking {
        NoticeMaking(
            database: database, members: members, notices: NoticeStore(ids: ids), jobs: stores.jobs, ids: ids,
            alarm: alarm, sources: answering.sources, knowledge: knowledge)
    }

    /// Seals what happened and makes the notices of it. For commands on the machine; a server does both by itself.
    package func tellOfEvents() async throws {
        let sealer = EventSealer()
        while try await database.write({ try sealer.seal(limit: 250, in: $0) }) != nil {}
        try await noticeMaking.run()
    }

    /// Mails of notices: from the desk's own address, in the member's language, zone and dates away.
    func noticeMailing() throws -> NoticeMailing {
        let (zone, strings) = (zone, try resources.strings())
        let days = NoticeMailing.Days(
            zone: { TimeZone(identifier: $0.zone) ?? zone }, isAway: { $0.away(on: $1) != nil })
        return NoticeMailing(
            database: database, notices: NoticeStore(ids: ids), members: members, jobs: stores.jobs, days: days,
            publicURL: settings.publicURL, clock: clock, translate: { strings.translate(strings.supported($0)) },
            post: try noticePost())
    }

    /// Mails to colleagues without a seat about texts they sent by a link.
    func textTelling() throws -> TextTelling {
        let strings = try resources.strings()
        return TextTelling(
            database: database, stores: stores, ids: ids, key: key, publicURL: settings.publicURL, clock: clock,
            translate: { strings.translate(strings.supported($0)) }, post: try noticePost())
    }

    private func noticePost() throws -> NoticeMailing.Post {
        let sendsMail = settings.sendsMail
        let mails = NoticeMail(
            store: stores.outbox, raws: stores.raws, jobs: stores.jobs, ids: ids, random: random,
            from: MailAddress(name: "Liaison", address: try settings.requireNoticeFrom()),
            jobKind: Answering.dispatchJob, organisation: OrganisationName.stored)
        return { letter, at, db in
            guard sendsMail else { return }
            let content = NoticeMail.Content(
                to: letter.to, subject: letter.subject, text: letter.text, language: letter.language)
            _ = try mails.add(content, at: at, in: db)
        }
    }
}
