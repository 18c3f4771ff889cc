import Base
import Foundation
import Text

/// Texts as folders of Markdown: `SLUG/en.md` is the source with what is said about it, `SLUG/fr.md` a translation in
/// which a comment stands before each paragraph: its number (0 is the title), its state, who made it, and the older
/// source where it is outdated. A file's bytes lie beside them. Both ways without loss.
package enum MarkdownFolder {
    package typealias File = (path: String, bytes: [UInt8])

    // MARK: - Out

    package static func files(of document: TextDocument) -> [File] {
        var files: [File] = []
        func add(_ name: String, _ text: String) { files.append(("\(document.slug)/\(name)", Array(text.utf8))) }
        add("\(document.language).md", source(document).text)
        for (language, parts) in document.translations.sorted(by: { $0.key < $1.key }) {
            let body = parts.sorted { $0.position < $1.position }.map { part in
                mark(part) + "\n"
                    + part.words.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { escaped($0) }.joined(separator: "\n")
            }.joined(separator: "\n\n")
            add("\(language).md", FrontMatter([("translation-of", .text(document.language))], body: body).text)
        }
        if let file = document.file { files.append(("\(document.slug)/\(safe(file.name))", file.bytes)) }
        return files
    }

    private static func source(_ document: TextDocument) -> FrontMatter {
        var values: [(String, FrontMatter.Value)] = [
            ("title", .text(document.title)), ("kind", .text(document.kind.rawValue)),
            ("audience", .text(document.audience.rawValue)), ("state", .text(document.state.rawValue)),
        ]
        func add(_ key: String, _ text: String) { if !text.isEmpty { values.append((key, .text(text))) } }
        func add(_ key: String, _ list: [String]) { if !list.isEmpty { values.append((key, .list(list))) } }
        add("owner", document.owner)
        add("topic", document.topic)
        add("tags", document.tags)
        add("teams", document.teams)
        add("queues", document.queues)
        add("publish-at", document.publishAt.map { ISO8601.string($0) } ?? "")
        add("embargo-until", document.embargoUntil.map { ISO8601.string($0) } ?? "")
        add("review-at", document.reviewAt.map { ISO8601.string($0) } ?? "")
        for (key, value) in document.fields.sorted(by: { $0.key < $1.key }) { add("field-\(key)", value) }
        if let file = document.file {
            add("file", safe(file.name))
            if safe(file.name) != file.name { add("file-name", file.name) }
            add("content-type", file.contentType)
        }
        return FrontMatter(values, body: document.body)
    }

    private static func mark(_ part: TextDocument.Part) -> String {
        var members = [("paragraph", String(part.position)), ("state", JSONText.quote(part.state.rawValue))]
        if !part.author.isEmpty { members.append(("author", JSONText.quote(part.author))) }
        if !part.reviewer.isEmpty { members.append(("reviewer", JSONText.quote(part.reviewer))) }
        if let source = part.source { members.append(("source", JSONText.quote(source))) }
        return "<!-- " + JSONText.object(members).replacing("-->", with: "--\\u003e") + " -->"
    }

    /// A line that looks like a mark gets a backslash, and one more where it has some.
    private static func escaped(_ line: Substring) -> String {
        line.drop { $0 == "\\" }.hasPrefix("<!-- ") ? "\\" + line : String(line)
    }

    private static func unescaped(_ line: Substring) -> Substring {
        line.hasPrefix("\\") && line.drop { $0 == "\\" }.hasPrefix("<!-- ") ? line.dropFirst() : line
    }

    /// A name that every system takes: no folders, none of the signs and devices of Windows. The name itself stands in
    /// the source where it is another.
    static func safe(_ name: String) -> String {
        let signs = name.map {
            "/\\:*?\"<>|".contains($0) || $0.isNewline || $0.asciiValue.map { $0 < 32 } ?? false ? "_" : $0
        }
        var plain = String(signs)
        while let last = plain.last, last == "." || last == " " { plain.removeLast() }
        let stem = plain.prefix { $0 != "." }.uppercased()
        let isDevice =
            ["CON", "PRN", "AUX", "NUL"].contains(stem)
            || (stem.count == 4 && (stem.hasPrefix("COM") || stem.hasPrefix("LPT")) && stem.last?.isNumber ?? false)
        if plain.lowercased().hasSuffix(".md") { plain += ".file" }
        return isDevice || plain.isEmpty || plain.hasPrefix(".") ? "file-" + plain : plain
    }

    // MARK: - In

    /// Files of a folder that are no part of its text: nobody should think that they were taken.
    package static func strangers(_ document: TextDocument, _ files: [String]) -> [String] {
        let file = document.file.map { safe($0.name) }
        return files.filter { name in
            !name.lowercased().hasSuffix(".md") && name != file && name != document.file?.name
                && !["thumbs.db", "desktop.ini"].contains(name.lowercased())
        }.sorted()
    }

    /// The name of a text from the name of its folder: as it is where it can stand in an address.
    package static func slug(_ folder: String) -> String {
        let isFine =
            !folder.isEmpty && folder.allSatisfy { ($0.isLetter && !$0.isUppercase) || $0.isNumber || $0 == "-" }
        return isFine ? folder : SearchTerms.terms(of: folder).joined(separator: "-")
    }

    /// Reads one folder: its files by name. Throws `invalid` saying what is wrong with which file.
    package static func document(_ slug: String, _ files: [String: [UInt8]]) throws(Failure) -> TextDocument {
        var source: (language: String, matter: FrontMatter)?
        var translations: [String: [TextDocument.Part]] = [:]
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) where name.lowercased().hasSuffix(".md") {
            let language = LanguageChain.normal(String(name.dropLast(3)))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw wrong("\(slug)/\(name)", "is not in UTF-8: save it so, that no letter is lost")
            }
            let matter = try FrontMatter(parsing: text, file: "\(slug)/\(name)")
            if matter["translation-of"].isEmpty {
                guard source == nil else { throw wrong(slug, "has two sources: \(language) and another") }
                source = (language, matter)
            } else {
                translations[language] = try parts(matter.body, "\(slug)/\(name)")
            }
        }
        guard let source else { throw wrong(slug, "has no source: a .md file without translation-of") }
        return try document(slug, source.language, source.matter, translations, files)
    }

    private static func document(
        _ slug: String, _ language: String, _ matter: FrontMatter, _ translations: [String: [TextDocument.Part]],
        _ files: [String: [UInt8]]
    ) throws(Failure) -> TextDocument {
        guard let kind = TextKind(rawValue: matter["kind"]) else {
            throw wrong(slug, "has no kind, one of " + TextKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard let audience = TextAudience(rawValue: matter["audience"].isEmpty ? "team" : matter["audience"]),
            let state = TextState(rawValue: matter["state"].isEmpty ? "draft" : matter["state"])
        else { throw wrong(slug, "has an audience or state that is none") }
        var fields: [String: String] = [:]
        for (key, value) in matter.values where key.hasPrefix("field-") {
            if case .text(let text) = value { fields[String(key.dropFirst(6))] = text }
        }
        var file: TextDocument.File?
        if !matter["file"].isEmpty {
            guard let bytes = files[matter["file"]] else {
                throw wrong(slug, "names a file that is not there: \(matter["file"])")
            }
            let name = matter["file-name"].isEmpty ? matter["file"] : matter["file-name"]
            file = TextDocument.File(name: name, contentType: matter["content-type"], bytes: bytes)
        }
        return TextDocument(
            slug: slug, kind: kind, title: matter["title"], language: language, body: matter.body, fields: fields,
            audience: audience, teams: matter.list("teams"), queues: matter.list("queues"), owner: matter["owner"],
            topic: matter["topic"], tags: matter.list("tags"), state: state,
            publishAt: try time(matter["publish-at"], slug), embargoUntil: try time(matter["embargo-until"], slug),
            reviewAt: try time(matter["review-at"], slug), file: file, translations: translations)
    }

    private static func parts(_ body: String, _ file: String) throws(Failure) -> [TextDocument.Part] {
        var parts: [TextDocument.Part] = []
        var lines: [Substring] = []
        func end() {
            guard !parts.isEmpty else { return }
            while lines.last?.isEmpty == true { lines.removeLast() }
            parts[parts.count - 1].words = lines.map { unescaped($0) }.joined(separator: "\n")
            lines = []
        }
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<!-- ") {
                guard let part = part(line) else {
                    throw Failure(
                        .invalid, "error-invalid",
                        details: "\(file): this is no mark of a paragraph: \(line.prefix(60))")
                }
                end()
                parts.append(part)
            } else if !line.isEmpty || !lines.isEmpty {
                lines.append(line)
            }
        }
        end()
        return parts
    }

    private struct Mark: Decodable {
        var paragraph: Int
        var state: String?
        var author: String?
        var reviewer: String?
        var source: String?
    }

    /// `<!-- {"paragraph":3,…} -->`, or by hand `<!-- 3 -->`.
    private static func part(_ line: Substring) -> TextDocument.Part? {
        guard line.hasSuffix("-->") else { return nil }
        let inner = Placeholder.trimmed(line.dropFirst(4).dropLast(3))
        let decoded =
            Int(inner).map { Mark(paragraph: $0) } ?? (try? JSONDecoder().decode(Mark.self, from: Data(inner.utf8)))
        guard let mark = decoded, let state = TranslationState(rawValue: mark.state ?? "translated"),
            [.draft, .translated, .reviewed].contains(state)
        else { return nil }
        return TextDocument.Part(
            position: mark.paragraph, words: "", state: state, source: mark.source, author: mark.author ?? "",
            reviewer: mark.reviewer ?? "")
    }

    /// `2026-11-21T09:00:00.000Z` or a day.
    private static func time(_ text: String, _ slug: String) throws(Failure) -> Milliseconds? {
        if text.isEmpty { return nil }
        guard let day = ISO8601.startOfDay(String(text.prefix(10))) else {
            throw wrong(slug, "has a time that is none")
        }
        guard text.utf8.count >= 20, text.hasSuffix("Z") else { return day }
        let numbers = text.dropFirst(11).dropLast().split { $0 == ":" || $0 == "." }.compactMap { Milliseconds($0) }
        guard numbers.count >= 3 else { throw wrong(slug, "has a time that is none") }
        let seconds = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
        return day + seconds * 1000 + (numbers.count > 3 ? numbers[3] : 0)
    }

    private static func wrong(_ slug: String, _ what: String) -> Failure {
        Failure(.invalid, "error-invalid", details: "\(slug) \(what)")
    }
}
