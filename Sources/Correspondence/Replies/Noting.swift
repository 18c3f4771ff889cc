import Base
import Storage

/// Internal notes: only the team sees them.
package struct Noting: Sendable {
    private let stores: Filing.Stores
    private let ids: IDMaker

    package init(stores: Filing.Stores, ids: IDMaker) {
        self.stores = stores
        self.ids = ids
    }

    package func add(
        _ text: String, to ticket: Ticket, by viewer: Viewer, name: String, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw Failure(.invalid, "draft-empty")
        }
        guard text.utf8.count <= 1 << 20 else { throw Failure(.tooLarge, "error-too-large") }
        let id = try ids.make()
        let message = Message(
            id: id, ticket: ticket.id, raw: nil, direction: .note, kind: "note", author: viewer.memberID,
            fromName: name,
            fromAddress: "", subject: "", headerID: "", sentAt: at, createdAt: at, language: nil, text: text,
            newText: text,
            hasHTML: false, problems: [], copies: 1, isNewcomer: false)
        try stores.messages.add(message, MessageStore.Belongings(), queue: ticket.queue, in: db)
        let document = SearchDocument(subject: "", sender: name, recipients: "", body: text)
        try stores.index.add(document, message: id, ticket: ticket.id, in: db)
        let event = Event("note-added", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
        try stores.events.add(event, at: at, in: db)
        return id
    }
}
