import Base
import Knowledge

extension Answering {
    package var knowledge: KnowledgeStore { KnowledgeStore(ids: ids, events: stores.events, raws: stores.raws) }
    package var insertions: InsertionStore { InsertionStore(ids: ids, events: stores.events) }
    package var suggesting: Suggesting { Suggesting(stores: stores, knowledge: knowledge) }
}

extension Desk {
    var inserting: Inserting {
        Inserting(
            stores: stores, drafts: drafts, members: members, knowledge: answering.knowledge,
            insertions: answering.insertions, zone: zone)
    }
}
