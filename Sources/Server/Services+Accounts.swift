import Base
import Correspondence
import Mail
import Outbox
import People
import Storage
import Synchronization
import Text
import Web

/// The strings of `i18n/`, read when they are first needed: most commands need none.
package final class LoadedResources: Sendable {
    fileprivate let settings: Settings
    private let loaded = Mutex<Strings?>(nil)
    fileprivate let loadedPacks = Mutex<KeywordPacks?>(nil)
    fileprivate let loadedCards = Mutex<LabelCards?>(nil)
    fileprivate let loadedStarting = Mutex<StartingModel?>(nil)
    fileprivate let loadedMeanings = Mutex<Meanings?>(nil)

    init(_ settings: Settings) { self.settings = settings }

    package func strings() throws -> Strings {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let folder = try Resources.folder(settings)
            let messages = try Messages(directory: folder.appending(path: "i18n", directoryHint: .isDirectory))
            let strings = Strings(messages)
            loaded = strings
            return strings
        }
    }
}

extension Services {
    /// What pages say of a failure, in English, for the terminal; nil without strings.
    package func words(of failure: Failure) -> String? {
        guard let strings = try? resources.strings() else { return nil }
        return strings.translate("en")(failure.messageKey, failure.arguments)
    }
}

extension LoadedResources {
    /// The keyword packs; `requirePacks` makes sure, when the server starts, that they can be read.
    var packs: @Sendable () -> KeywordPacks {
        { (try? self.requirePacks()) ?? .none }
    }

    var cards: @Sendable () -> LabelCards {
        { (try? self.requireCards()) ?? .none }
    }

    /// Words that stand for the same in ten languages: without them other marks still tell what belongs together.
    var meanings: @Sendable () -> Meanings {
        {
            self.loadedMeanings.withLock { loaded in
                if let loaded { return loaded }
                let file = (try? Resources.folder(self.settings))?.appending(path: "Resources/triage/meanings.json")
                let meanings = file.flatMap { try? Meanings(file: $0) } ?? .none
                loaded = meanings
                return meanings
            }
        }
    }

    /// What is known of the labels before a team has decided anything; nothing where the files are not there.
    var starting: @Sendable () -> StartingModel {
        {
            self.loadedStarting.withLock { loaded in
                if let loaded { return loaded }
                let folder = (try? Resources.folder(self.settings))?
                    .appending(path: "Resources/triage/models", directoryHint: .isDirectory)
                let starting = folder.flatMap { try? StartingModel(folder: $0) } ?? .none
                loaded = starting
                return starting
            }
        }
    }

    package func requireCards() throws -> LabelCards {
        try loadedCards.withLock { loaded in
            if let loaded { return loaded }
            let folder = try Resources.folder(settings)
            let cards = try LabelCards(
                folder: folder.appending(path: "Resources/triage/cards", directoryHint: .isDirectory))
            loaded = cards
            return cards
        }
    }

    package func requirePacks() throws -> KeywordPacks {
        try loadedPacks.withLock { loaded in
            if let loaded { return loaded }
            let folder = try Resources.folder(settings)
            let packs = try KeywordPacks(
                folder: folder.appending(path: "Resources/triage/packs", directoryHint: .isDirectory))
            loaded = packs
            return packs
        }
    }
}

extension Services {
    /// Invitations, sign-in, second factors, resets. Throws `configuration` where the strings are not found.
    package func waysIn() throws -> WaysIn {
        WaysIn(
            database: database, members: members, sessions: sessions, gate: gate, events: stores.events, key: key,
            ids: ids, random: random, clock: clock, zone: settings.timeZone,
            policy: SecondFactorPolicy(from: try settings.requireSecondFactorFrom()), mails: try accountMails())
    }

    /// What public pages call the house; empty for the program's name.
    package func name(organisation: String, in db: any Connection) throws {
        try OrganisationName.set(organisation, in: db)
        try self.organisation.refresh(in: db)
    }

    func passwordResetting(_ ways: WaysIn) -> PasswordResetting {
        PasswordResetting(ways) { [jobs = stores.jobs] wish, db in
            try jobs.add(PasswordResetting.jobName, subject: wish, in: db)
        }
    }

    /// Mail of the desk to its members; nil where no mail can leave.
    package func noticeMail() throws -> NoticeMail? {
        guard settings.sendsMail else { return nil }
        let from = MailAddress(name: "Liaison", address: try settings.requireNoticeFrom())
        return NoticeMail(
            store: stores.outbox, raws: stores.raws, jobs: stores.jobs, ids: ids, random: random, from: from,
            jobKind: Answering.dispatchJob, organisation: OrganisationName.stored)
    }

    private func accountMails() throws -> AccountMails {
        let notices = try noticeMail()
        let settings = settings
        return AccountMails(
            strings: try resources.strings(), publicURL: settings.publicURL,
            organisation: OrganisationName.stored,
            post: { mail, at, db in
                let content = NoticeMail.Content(
                    to: mail.to, subject: mail.subject, text: mail.text, language: mail.language)
                return try notices?.add(content, at: at, in: db)
            }, reachesServer: { await MailTransport.answers(self) })
    }
}
