import Base
import Correspondence
import Foundation
import Outbox
import People
import Storage
import Text
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

    func noticeMailing() throws -> NoticeMailing {
        let zone = zone
        let days = NoticeMailing.Days(zone: { _ in zone }, isAway: { _, _ in false })
        let folder = try Resources.folder(settings)
        let strings = Strings(try Messages(directory: folder.appending(path: "i18n", directoryHint: .isDirectory)))
        return NoticeMailing(
            database: database, notices: NoticeStore(ids: ids), members: members, jobs: stores.jobs, days: days,
            publicURL: settings.publicURL, clock: clock, translate: { strings.translate(strings.supported($0)) },
            post: { _, _, _ in })
    }
}
