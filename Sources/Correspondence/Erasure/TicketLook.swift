import Base
import Outbox
import Storage

/// What of a ticket goes whole, and what others wrote in it.
///
/// A ticket is a person's own when it is filed under them or began with a mail of theirs: then go their mails, what we
/// sent to nobody but them, our notes, and what machines said about it. Elsewhere go their mails and what went to them
/// alone; notes and mails of others stay, without their name.
struct TicketLook: Sendable {
    struct Original: Sendable {
        var message: Message
        var addresses: [MessageAddress]
        var attachments: [Attachment]
        var raw: [UInt8]?
    }

    var ticket: Ticket
    /// Nil when everybody goes.
    var person: ErasedPerson?
    var isOwn: Bool
    /// Must be kept as it is.
    var isKept: Bool
    /// A mail of it is just leaving.
    var isBusy: Bool
    var gone: [Message] = []
    /// Hashes of files that go with them.
    var goneFiles: Set<String> = []
    var others: [Original] = []

    /// Nil when there is none.
    static func read(
        _ id: ID, _ scope: TicketErasing.Scope, _ stores: Filing.Stores, in db: any Connection
    ) throws -> TicketLook? {
        guard let ticket = try stores.tickets.find(id, in: db) else { return nil }
        let isKept = try HoldStore.reason(id, in: db) != nil
        let isBusy = try stores.outbox.ofTicket(id, in: db).contains { [.queued, .handingOver].contains($0.state) }
        var look = TicketLook(ticket: ticket, person: nil, isOwn: true, isKept: isKept, isBusy: isBusy)
        let messages = try stores.messages.ofTicket(id, in: db)
        let files = try stores.messages.attachments(ofTicket: id, in: db)
        guard !isKept, !isBusy else { return look }
        guard case .person(var person, let contact) = scope else {
            look.gone = messages
            return look
        }
        let addresses = try stores.messages.addresses(ofTicket: id, in: db)
        try look.learnNames(of: &person, messages, addresses, stores, in: db)
        let first = messages.first { $0.direction == .incoming }
        look.isOwn = ticket.contact == contact || (first.map { person.has($0.fromAddress) } ?? false)
        look.person = person
        for message in messages {
            if look.goesWhole(message, addresses[message.id] ?? [], person) {
                look.gone.append(message)
                look.goneFiles.formUnion((files[message.id] ?? []).map(\.sha256))
            } else {
                look.others.append(
                    Original(
                        message: message, addresses: addresses[message.id] ?? [], attachments: files[message.id] ?? [],
                        raw: try message.raw.map { try stores.raws.bytes(of: $0, in: db) }))
            }
        }
        look.goneFiles.remove("")
        return look
    }

    private func goesWhole(_ message: Message, _ addresses: [MessageAddress], _ person: ErasedPerson) -> Bool {
        let isByMachine = message.kind != "mail" && message.kind != "list" && message.kind != "note"
        switch message.direction {
        case .incoming:
            if person.has(message.fromAddress) { return true }
            return isOwn && (message.fromAddress.isEmpty || isByMachine)
        case .outgoing:
            let recipients = addresses.filter { $0.role != .replyTo }
            return recipients.allSatisfy { person.has($0.address) } && (isOwn || !recipients.isEmpty)
        case .note: return isOwn
        }
    }

    /// Names that stand beside the person's addresses here.
    private func learnNames(
        of person: inout ErasedPerson, _ messages: [Message], _ addresses: [ID: [MessageAddress]],
        _ stores: Filing.Stores, in db: any Connection
    ) throws {
        for message in messages where person.has(message.fromAddress) { person.names.insert(message.fromName) }
        for address in addresses.values.joined() where person.has(address.address) { person.names.insert(address.name) }
        for one in try stores.tickets.participants(of: ticket.id, in: db) where person.has(one.address) {
            person.names.insert(one.name)
        }
        person.names = person.names.filter { !$0.contains("@") }
    }
}

/// What is taken out of the words of others: the person's addresses and names, and copies of what they wrote.
struct ErasedWords: Sendable {
    let files: Set<String>
    /// Message-IDs of mails that may not hang on others.
    let headers: Set<String>
    /// True when nothing of the ticket's words stays.
    let isAll: Bool

    private let person: ErasedPerson?
    private let words: PersonWords?
    private let copies: [QuotedCopy]

    init(_ look: TicketLook) {
        files = look.goneFiles
        headers = Set(look.gone.map(\.headerID)).subtracting([""])
        isAll = look.isOwn && look.others.isEmpty
        person = look.person
        words = look.person.map { PersonWords($0) }
        copies = look.gone.map { QuotedCopy($0.newText) }
    }

    func removed(from text: String) -> String {
        if isAll || text.isEmpty { return "" }
        return words?.removed(from: copies.reduce(text) { $1.removed(from: $0) }) ?? ""
    }

    /// Whether one of the addresses stands in the bytes of a mail, where the message's fields do not show it.
    func stand(in raw: [UInt8]) -> Bool {
        let text = String(decoding: raw, as: UTF8.self).lowercased()
        return person?.addresses.contains { text.contains($0) } ?? true
    }

    /// Addresses of others.
    func addresses(_ list: String) -> String {
        guard !isAll else { return "" }
        return Draft.addresses(in: list).filter { !(person?.has($0) ?? true) }.joined(separator: ", ")
    }

    func has(_ address: String) -> Bool { isAll || person?.has(address) ?? true }
}
