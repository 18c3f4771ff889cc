import Base
import Foundation
import People
import Storage

/// Texts as messages for translatewiki.net: `fr.json` holds every paragraph in French under `SLUG-ID`, `qqq.json` says
/// what each is. Ids outlive changes, so what comes back finds its place, and what is unknown is told.
package struct BananaFiles: Sendable {
    private let store: KnowledgeStore

    package init(store: KnowledgeStore) { self.store = store }

    /// The files by name, sorted keys, tabs.
    package func files(of texts: [ID], in db: any Connection) throws -> [String: String] {
        var messages: [String: [String: String]] = [:]
        for id in texts {
            let text = try store.reread(id, in: db)
            let source = try store.paragraphs.current(of: id, in: db).filter { !$0.isNeutral }
            let languages = try store.translations.progress(of: [id], in: db)[id]?.map(\.language) ?? []
            let known = try store.translations.translations(of: id, into: languages, in: db)
            for paragraph in source {
                let key = Self.key(text, paragraph)
                messages[text.language, default: [:]][key] = paragraph.words
                messages["qqq", default: [:]][key] =
                    paragraph.position == 0
                    ? "Title (\(text.kind.rawValue)). Keep names in double braces."
                    : "Paragraph \(paragraph.position) of “\(text.title)”. Keep names in double braces."
                for language in languages {
                    guard let made = known[language]?[paragraph.id], made.stored != .draft else { continue }
                    messages[language, default: [:]][key] = made.words
                }
            }
        }
        return messages.mapValues(Self.json)
    }

    private static func key(_ text: KnowledgeText, _ paragraph: SourceParagraph) -> String {
        "\(text.slug)-\(String(paragraph.id, radix: 36))"
    }

    private static func json(_ messages: [String: String]) -> String {
        let lines = messages.sorted { $0.key < $1.key }.map {
            "\t\(JSONText.quote($0.key)): \(JSONText.quote($0.value))"
        }
        return "{\n\t\"@metadata\": {\n\t\t\"authors\": []\n\t}" + lines.map { ",\n" + $0 }.joined() + "\n}\n"
    }

    /// Takes the translations of one language; returns how many paragraphs are new and which keys nobody knows.
    package func take(
        _ json: String, language: String, by member: ID, at: Milliseconds, in db: any Connection
    ) throws -> (count: Int, unknown: [String]) {
        let json = json.hasPrefix("\u{FEFF}") ? String(json.unicodeScalars.dropFirst()) : json
        guard let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            throw Failure(.invalid, "error-invalid", details: "\(language).json is no JSON object")
        }
        let language = LanguageChain.normal(language)
        var byText: [ID: [TranslationEntry]] = [:]
        var unknown: [String] = []
        for (key, value) in object.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("@") {
            let id = key.split(separator: "-").last.flatMap { ID($0, radix: 36) }
            let row = try id.flatMap {
                try db.first("SELECT text_id FROM knowledge_paragraph WHERE id = \($0) AND position IS NOT NULL")
            }
            guard let id, let row, let words = value as? String else {
                unknown.append(key)
                continue
            }
            byText[try row.int("text_id"), default: []].append(
                TranslationEntry(paragraph: id, words: words, isDraft: false, seen: 0))
        }
        var count = 0
        for (id, entries) in byText.sorted(by: { $0.key < $1.key }) {
            let text = try store.reread(id, in: db)
            guard language != text.language else { continue }
            count += try take(entries, of: text, language, by: member, at: at, in: db)
        }
        return (count, unknown)
    }

    /// What says the same as before changes nothing, so that an outdated paragraph stays outdated.
    private func take(
        _ entries: [TranslationEntry], of text: KnowledgeText, _ language: String, by member: ID, at: Milliseconds,
        in db: any Connection
    ) throws -> Int {
        let known = try store.translations.translations(of: text.id, into: language, in: db)
        let fresh = entries.filter { known[$0.paragraph]?.words != $0.words }.map {
            TranslationEntry(
                paragraph: $0.paragraph, words: $0.words, isDraft: false, seen: known[$0.paragraph]?.at ?? 0)
        }
        _ = try store.translations.save(fresh, of: text, into: language, by: member, at: at, in: db)
        return fresh.count
    }
}
