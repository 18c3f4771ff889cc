import Storage

/// All migrations in their order. Type words (ID INT TEXT BYTES REAL) are spelled per engine by the migrator.
package enum Schema {
    package static let migrations: [Migration] = [
        storage, people, queues, tickets, outbox, search, accounts, access, work, writing, safety, live, forms, lists,
        webhooks, knowledge, review, suggestions, triage, oncall, levels, incidents, upkeep,
        rules, reviewAround, proposals, lineUses, readers, contactNames, erasure, textCounts,
        pendingTerms,
        textPages,
    ]
}
