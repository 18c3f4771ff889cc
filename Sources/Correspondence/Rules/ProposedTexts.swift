import Base
import Knowledge
import Storage

/// Knowledge texts that rules and macros propose to answer with.
enum ProposedTexts {
    private static let most = 300

    /// Id and title of those the viewer may read, newest change first.
    static func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [(id: ID, title: String)] {
        try TextList().page(TextFilter(), visibleTo: viewer, limit: most, in: db).texts.map { ($0.id, $0.title) }
    }

    /// Nil for what the viewer may not read.
    static func title(
        _ id: ID, _ stores: Filing.Stores, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> String? {
        let texts = KnowledgeStore(ids: stores.tickets.ids, events: stores.events, raws: stores.raws)
        return try texts.find(id, visibleTo: viewer, in: db)?.title
    }
}
