import Base
import Knowledge
import Storage

/// Texts in a draft that are no longer what they were when they were put in.
struct StaleText: Sendable {
    let knowledge: KnowledgeStore
    let insertions: InsertionStore

    func findings(of draft: Draft, queue: ID, at: Milliseconds, in db: any Connection) throws -> [Finding] {
        let used = try insertions.ofDraft(draft.id, in: db).filter { $0.kept(in: draft.text) >= Insertion.least }
        guard !used.isEmpty else { return [] }
        let rule = try LanguageRule.of(queue, in: db)
        var found: [Finding] = []
        for insertion in used {
            guard let row = try db.first("SELECT * FROM knowledge_text WHERE id = \(insertion.text)") else { continue }
            let text = try KnowledgeStore.read(row)
            found += try findings(insertion, text, draft, rule, at, in: db)
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.fingerprint).inserted }
    }

    /// The writer put it in: they know its title.
    private func findings(
        _ insertion: Insertion, _ text: KnowledgeText, _ draft: Draft, _ rule: LanguageRule, _ at: Milliseconds,
        in db: any Connection
    ) throws -> [Finding] {
        guard text.isUsable(at: at) else {
            return [Finding(.stale, "withdrawn", text.title, isBlocking: true)]
        }
        let now = try knowledge.rendered(text, in: insertion.language, mixing: .oneLanguage, in: db)
        let words = Dictionary(now.paragraphs.map { ($0.id, $0.words) }, uniquingKeysWith: { first, _ in first })
        // A language that is no longer whole is outdated, not changed.
        let changed =
            now.fallbacks > 0
            ? nil
            : insertion.paragraphs.first { paragraph in
                paragraph.words.count >= 12 && draft.text.contains(paragraph.words)
                    && words[paragraph.id].map(Insertion.hash) != paragraph.hash
            }
        if let changed {
            return [Finding(.stale, "changed", Self.beginning(changed.words), other: text.title, isBlocking: true)]
        }
        if now.outdated > 0 || now.fallbacks > 0 {
            return [
                Finding(.stale, "outdated", text.title, other: insertion.language, isBlocking: rule == .block)
            ]
        }
        if !LanguageChain.isSame(insertion.language, insertion.wanted) {
            return [Finding(.stale, "missing", text.title, other: insertion.wanted, isBlocking: rule == .block)]
        }
        return []
    }

    static func beginning(_ words: String) -> String {
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 60 ? line.prefix(60) + "…" : line
    }
}
