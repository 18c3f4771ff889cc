import Base
import Hummingbird
import People
import Storage
import Text
import Web

/// Versions of a text: list, comparison, restoring, and which paragraphs need a new translation.
package struct VersionRoutes: Sendable {
    private static let mostListed = 200

    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.versions.route, use: list)
        signedIn.get(KnowledgePaths.version.route, use: show)
        signedIn.post(KnowledgePaths.restoration.route, use: restore)
        signedIn.get(KnowledgePaths.needs.route, use: needs)
        signedIn.post(KnowledgePaths.needs.route, use: waive)
    }

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let signs = library.signs(context)
        let page = try await library.database.read { [library] db in
            let text = try library.store.require(id, visibleTo: context.viewer, in: db)
            let mayChange = try library.store.mayChange(text, context.viewer, in: db)
            let versions = try library.store.versions(of: id, limit: Self.mostListed, in: db)
            let names = try library.members.names(of: versions.map(\.author) + versions.compactMap(\.credit), in: db)
            return VersionListPage(
                name: text.title, textPath: KnowledgePaths.show(id),
                versions: versions.map { version in
                    let isNewest = version.number == text.version
                    return VersionRow(
                        number: version.number, path: KnowledgePaths.version(id, ID(version.number)),
                        author: names[version.author] ?? "",
                        credit: version.credit.flatMap { names[$0] }.map { Phrase("knowledge-credit", .text($0)) },
                        note: version.note, moment: signs.moment(version.at),
                        restore: mayChange && !isNewest
                            ? Action(KnowledgePaths.restoration(id, ID(version.number))) : nil, isNewest: isNewest)
                })
        }
        return library.site.page(page, for: context.visitor)
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (id, number) = (try context.requireID(), Int(try context.requireID("number")))
        let other = request.uri.queryParameters["with"].flatMap { Int($0) } ?? number - 1
        let page = try await library.database.read { [library] db in
            let text = try library.store.require(id, visibleTo: context.viewer, in: db)
            let version = try library.store.requireVersion(number, of: id, in: db)
            let before = try other > 0 ? library.store.requireVersion(other, of: id, in: db) : nil
            let mayChange = try library.store.mayChange(text, context.viewer, in: db)
            let path = KnowledgePaths.version(id, ID(number))
            let others = [(number - 1, "previous"), (text.version, "newest")]
                .filter { $0.0 > 0 && $0.0 != number && $0.0 != other }
            return VersionPage(
                name: text.title, language: text.language, listPath: KnowledgePaths.versions(id),
                heading: before == nil
                    ? Phrase("knowledge-version-first", .number(number))
                    : Phrase("knowledge-version-compared", .number(number), .number(other)),
                others: others.map { Link(Phrase("knowledge-compare-\($0.1)"), path + "?with=\($0.0)") },
                changes: ParagraphChange.fields(
                    text.kind, from: before?.fields ?? [:], to: version.fields, language: text.language)
                    + Self.changes(from: before, to: version, language: text.language),
                restore: mayChange && number != text.version ? Action(KnowledgePaths.restoration(id, ID(number))) : nil,
                needsPath: mayChange && other == number - 1 && before != nil
                    ? KnowledgePaths.needs(id, ID(number)) : nil)
        }
        return library.site.page(page, for: context.visitor)
    }

    /// Paragraph by paragraph, by their ids; what was removed stands where it stood.
    static func changes(from before: TextVersion?, to after: TextVersion, language: String) -> [ParagraphChange] {
        let old = before.map { zip($0.paragraphs, words(of: $0)).map { (id: $0.0, words: $0.1) } } ?? []
        let new = zip(after.paragraphs, words(of: after)).map { (id: $0.0, words: $0.1) }
        let known = Dictionary(old.map { ($0.id, $0.words) }, uniquingKeysWith: { first, _ in first })
        let kept = Set(new.map(\.id))
        var changes: [ParagraphChange] = []
        var next = 0
        func addRemoved(before id: ID?) {
            while next < old.count, old[next].id != id {
                if !kept.contains(old[next].id) { changes.append(change(old[next].words, "", language)) }
                next += 1
            }
            if next < old.count { next += 1 }
        }
        for (id, words) in new {
            if known[id] != nil, old[next...].contains(where: { $0.id == id }) { addRemoved(before: id) }
            changes.append(change(known[id] ?? "", words, language))
        }
        addRemoved(before: nil)
        return changes
    }

    private static func change(_ old: String, _ new: String, _ language: String) -> ParagraphChange {
        ParagraphChange(runs: ChangedRun.runs(from: old, to: new, language: language), isChanged: old != new)
    }

    private static func words(of version: TextVersion) -> [String] {
        [version.title] + Paragraphs.split(version.body)
    }

    @Sendable private func restore(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await library.site.form(request, of: context.visitor)
        let (id, number) = (try context.requireID(), Int(try context.requireID("number")))
        let now = library.clock.now()
        let note = library.site.strings.translate(library.signs(context).language)(
            "knowledge-restored-note", [String(number)])
        try await library.database.write { [library] db in
            let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
            _ = try library.store.restore(number, of: text, note: note, by: context.viewer.memberID, at: now, in: db)
        }
        return library.site.redirect(KnowledgePaths.show(id) + "?notice=saved")
    }

    // MARK: - New translations

    @Sendable private func needs(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (id, number) = (try context.requireID(), Int(try context.requireID("number")))
        let signs = library.signs(context)
        let page = try await library.database.read { [library] db in
            let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
            let changes = try library.store.changes(of: text, to: number, in: db)
            let languages = try library.store.translations.progress(of: [id], in: db)[id]?.map(\.language) ?? []
            let known = try library.store.translations.translations(of: id, into: languages, in: db)
            return NeedsPage(
                name: text.title, language: text.language, textPath: KnowledgePaths.show(id),
                path: KnowledgePaths.needs(id, ID(number)),
                paragraphs: changes.compactMap { change in
                    let right = languages.filter { known[$0]?[change.id]?.sourceWords == change.before }
                    guard !right.isEmpty else { return nil }
                    return NeedRow(
                        id: String(change.id),
                        runs: ChangedRun.runs(from: change.before, to: change.after, language: text.language),
                        languages: right.map { signs.name(of: $0) }, isSmall: Self.isSmall(change))
                })
        }
        return library.site.page(page, for: context.visitor, notices: TextNotices.of(request, text: id))
    }

    /// Only signs, spaces or capitals changed: the words are the same.
    private static func isSmall(_ change: SourceChange) -> Bool {
        SearchTerms.terms(of: change.before) == SearchTerms.terms(of: change.after)
    }

    @Sendable private func waive(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let (id, number) = (try context.requireID(), Int(try context.requireID("number")))
        let waived = Set(form.all("waive").compactMap { ID($0) })
        let now = library.clock.now()
        try await library.database.write { [library] db in
            let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
            let changes = try library.store.changes(of: text, to: number, in: db).filter { waived.contains($0.id) }
            try library.store.translations.waive(
                changes.map { ($0.id, $0.before, $0.after) }, of: text, by: context.viewer.memberID, at: now, in: db)
        }
        return library.site.redirect(KnowledgePaths.show(id) + "?notice=saved")
    }
}
