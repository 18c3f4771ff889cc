import Base
import Jobs
import Knowledge
import Mail
import Outbox
import Storage

/// Takes a person, or everybody, out of one ticket.
///
/// 1. Look at the ticket: what goes whole, and what others wrote, in which the person is only named.
/// 2. Make the mails of others anew without the person's addresses and names, and without what quotes them.
/// 3. Empty the messages that go, a few in a transaction; put the new ones in the place of the old, one in each.
/// 4. In the last transaction what lies around: subject, participants, drafts, reviews, what undoing would bring back.
/// Number, dates, states, kinds and facts stay. A second run, or one after a crash, finds less to do and does the rest.
/// A ticket that is kept, or becomes so between two transactions, is left as it is from there on.
struct TicketErasing: Sendable {
    enum Scope: Sendable {
        case person(ErasedPerson, contact: ID)
        case everybody
    }

    enum Outcome: Sendable { case done, kept, busy }

    /// Texts of this many bytes, and messages, in one transaction.
    private static let sliceBytes = 100_000
    private static let sliceCount = 10

    let database: Database
    let stores: Filing.Stores
    let drafts: DraftStore
    let reader: MailReader
    let clock: Clock
    /// Told after every transaction; a test ends the process here.
    var reached: @Sendable () -> Void = {}

    func erase(_ id: ID, _ scope: Scope, erasure: ID?) async throws -> Outcome {
        let look = try await database.read { db in try TicketLook.read(id, scope, stores, in: db) }
        guard let look else { return .done }
        if look.isKept { return .kept }
        if look.isBusy { return .busy }
        let words = ErasedWords(look)
        var rebuilt: [MailRebuilding.Outcome] = []
        for original in look.others {
            if let made = try await rebuild(original, words, look) { rebuilt.append(made) }
        }
        let now = clock.now()
        for slice in Self.slices(look.gone) {
            guard try await step(id, { db in for one in slice { try empty(one, at: now, in: db) } }) else {
                return .kept
            }
        }
        for change in rebuilt {
            guard try await step(id, { db in try put(change, in: db) }) else { return .kept }
        }
        let isDone = try await step(id) { db in
            let around = TicketSurroundings(stores: stores, drafts: drafts, look: look, words: words)
            try around.erase(at: now, in: db)
            let event = Event("ticket-erased", queue: look.ticket.queue, ticket: id, subject: erasure)
            try stores.events.add(event, at: now, in: db)
        }
        return isDone ? .done : .kept
    }

    /// False, and nothing done, when the ticket is kept by now.
    private func step(_ id: ID, _ body: @escaping @Sendable (any Connection) throws -> Void) async throws -> Bool {
        let isDone = try await database.write { db in
            try stores.tickets.hold([id], in: db)
            guard try HoldStore.reason(id, in: db) == nil else { return false }
            try body(db)
            return true
        }
        reached()
        return isDone
    }

    private static func slices(_ messages: [Message]) -> [[Message]] {
        var slices: [[Message]] = []
        var bytes = 0
        for message in messages {
            let size = message.text.utf8.count
            if slices.isEmpty || bytes + size > sliceBytes || (slices.last?.count ?? 0) >= sliceCount {
                slices.append([])
                bytes = 0
            }
            slices[slices.count - 1].append(message)
            bytes += size
        }
        return slices
    }

    // MARK: - What goes whole

    private func empty(_ message: Message, at: Milliseconds, in db: any Connection) throws {
        let id = message.id
        try ErasureStore.setErased(message: id, at: at, in: db)
        var raws = try stores.deliveries.raws(ofMessage: id, in: db) + (message.raw.map { [$0] } ?? [])
        if let item = try stores.outbox.ofMessage(id, in: db) {
            raws.append(item.raw)
            try stores.outbox.erase(item.id, in: db)
        }
        try RawEmptying.add(raws, in: db)
        try stores.deliveries.eraseEnvelopes(ofMessage: id, in: db)
        try stores.messages.empty(id, in: db)
        try stores.index.remove(message: id, in: db)
        try SimilarityStore().forget(message: id, in: db)
        try db.execute("DELETE FROM answered WHERE message_id = \(id)")
        try db.execute("UPDATE redaction SET reason = '' WHERE message_id = \(id)")
    }

    // MARK: - What others wrote

    /// Nil where the person is not named.
    private func rebuild(
        _ original: TicketLook.Original, _ words: ErasedWords, _ look: TicketLook
    ) async throws -> MailRebuilding.Outcome? {
        var message = original.message
        let isFromPerson = look.person?.has(message.fromAddress) ?? false
        message.fromName = isFromPerson ? "" : words.removed(from: message.fromName)
        message.fromAddress = isFromPerson ? "" : message.fromAddress
        message.subject = words.removed(from: message.subject)
        message.text = words.removed(from: message.text)
        message.newText = words.removed(from: message.newText)
        let addresses = original.addresses.filter { !(look.person?.has($0.address) ?? false) }
        let rebuilding = MailRebuilding(reader: reader)
        var kept: [Attachment] = []
        for attachment in original.attachments where !words.files.contains(attachment.sha256) {
            if let raw = original.raw, try await rebuilding.carries(words.headers, attachment, of: raw) { continue }
            var attachment = attachment
            attachment.filename = words.removed(from: attachment.filename)
            kept.append(attachment)
        }
        let isSame =
            message == original.message && addresses == original.addresses && kept == original.attachments
            && !(original.raw.map { words.stand(in: $0) } ?? false)
        return isSame ? nil : try await rebuilding.make(message, addresses, kept, of: original.raw)
    }

    /// The new bytes lie beside the old, which go in their own time.
    private func put(_ change: MailRebuilding.Outcome, in db: any Connection) throws {
        let message = change.message
        if let former = message.raw, let bytes = change.raw {
            let raw = try stores.raws.add(bytes, in: db)
            try RawEmptying.add(try stores.deliveries.raws(ofMessage: message.id, in: db) + [former], in: db)
            try db.execute("UPDATE delivery SET raw_id = \(raw) WHERE message_id = \(message.id)")
            try db.execute("UPDATE outbox SET raw_id = \(raw) WHERE message_id = \(message.id)")
            try db.executeOne("UPDATE message SET raw_id = \(raw) WHERE id = \(message.id)")
        }
        try stores.setWords(of: change, in: db)
    }
}
