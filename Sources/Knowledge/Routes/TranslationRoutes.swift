import Base
import Hummingbird
import People
import Storage
import Text
import Web

/// A text beside its translation, paragraph by paragraph.
package struct TranslationRoutes: Sendable {
    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.translation.route) { request, context in
            try await show(request, context, again: TranslationAgain())
        }
        signedIn.post(KnowledgePaths.translation.route, use: save)
    }

    private func show(
        _ request: Request, _ context: SignedInContext, again: TranslationAgain
    ) async throws -> Response {
        let id = try context.requireID()
        let signs = library.signs(context)
        let asked = again.language.isEmpty ? library.language(request, context) : again.language
        let page = try await library.database.read { [library] db in
            let text = try library.store.require(id, visibleTo: context.viewer, in: db)
            let known = try library.store.translations.progress(of: [id], in: db)[id]?.map(\.language) ?? []
            let offered = (known + library.site.strings.languages).filter { $0 != text.language }
            let language = asked == text.language ? offered.first ?? "en" : asked
            return try TranslationPageMaker(library: library, signs: signs, viewer: context.viewer, again: again).page(
                text, language: language, offered: offered + [language], in: db)
        }
        let notices = TextNotices.of(request, text: id)
        return library.site.page(page, for: context.visitor, notices: notices, status: again.problem?.status ?? .ok)
    }

    @Sendable private func save(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let id = try context.requireID()
        let language = LanguageChain.normal(form["language"])
        let now = library.clock.now()
        let reviewed = form.all("review").compactMap { ID($0) }
        do {
            let collisions = try await library.database.write { [library] db in
                let text = try library.store.require(id, visibleTo: context.viewer, in: db)
                let entries = try library.store.paragraphs.current(of: id, in: db).compactMap { Self.entry($0, form) }
                let collisions = try library.store.translations.save(
                    entries, of: text, into: language, by: context.viewer.memberID, at: now, in: db)
                try library.store.translations.review(
                    reviewed.filter { !collisions.contains($0) }, of: text, in: language, by: context.viewer.memberID,
                    at: now, in: db)
                return collisions
            }
            guard collisions.isEmpty else {
                let again = TranslationAgain(
                    language: language, form: form, collisions: Set(collisions),
                    problem: Failure(.conflict, "knowledge-translation-collision"))
                return try await show(request, context, again: again)
            }
            return library.site.redirect(KnowledgePaths.translation(id) + "?language=\(language)&notice=saved")
        } catch let failure as Failure where TextEditRoutes.isForPeople(failure) {
            let again = TranslationAgain(language: language, form: form, problem: failure)
            return try await show(request, context, again: again)
        }
    }

    private static func entry(_ paragraph: SourceParagraph, _ form: Form) -> TranslationEntry? {
        let name = String(paragraph.id)
        guard form.has("words-\(name)") else { return nil }
        return TranslationEntry(
            paragraph: paragraph.id, words: form["words-\(name)"], isDraft: form.has("draft-\(name)"),
            seen: Milliseconds(form["seen-\(name)"]) ?? 0, isStillRight: form.has("right-\(name)"))
    }
}

/// What was sent and could not be saved.
struct TranslationAgain: Sendable {
    var language = ""
    var form: Form?
    var collisions: Set<ID> = []
    var problem: Failure?
}

/// Makes the page of a text beside its translation.
struct TranslationPageMaker: Sendable {
    let library: Library
    let signs: TextSigns
    let viewer: Viewer
    let again: TranslationAgain

    func page(
        _ text: KnowledgeText, language: String, offered: [String], in db: any Connection
    ) throws -> TranslationPage {
        let store = library.store
        let source = try store.paragraphs.current(of: text.id, in: db)
        let known = try store.translations.translations(of: text.id, into: language, in: db)
        let people = known.values.map(\.author) + known.values.compactMap(\.reviewer)
        let names = try library.members.names(of: people, in: db)
        let progress = try store.translations.progress(of: [text.id], in: db)[text.id]?.first {
            $0.language == language
        }
        let done = progress?.current ?? 0
        let rows = source.map { row($0, known[$0.id], text, language, names) }
        return TranslationPage(
            name: text.title, textPath: KnowledgePaths.show(text.id) + "?language=\(language)",
            path: KnowledgePaths.translation(text.id), sourceLanguage: text.language,
            sourceName: signs.name(of: text.language),
            target: language, targetName: signs.name(of: language), languages: choices(offered, language),
            progress: Phrase("knowledge-translation-progress", .number(done), .number(text.paragraphs)),
            percent: text.paragraphs == 0 ? 100 : 100 * done / text.paragraphs, rows: rows,
            problem: again.problem.map { Phrase($0.messageKey, texts: $0.arguments) },
            mayReview: rows.contains { $0.mayReview })
    }

    private func choices(_ offered: [String], _ language: String) -> [Choice] {
        var seen: Set<String> = []
        return offered.filter { seen.insert($0).inserted }.map { (code: $0, name: signs.name(of: $0)) }
            .sorted { Collation.isBefore($0.name, $1.name, in: signs.language) }
            .map { Choice($0.code, .verbatim($0.name), isSelected: $0.code == language) }
    }

    private func row(
        _ paragraph: SourceParagraph, _ known: Translation?, _ text: KnowledgeText, _ language: String,
        _ names: [ID: String]
    ) -> TranslationRow {
        let state = known?.state(against: paragraph.words) ?? .missing
        let isCollision = again.collisions.contains(paragraph.id)
        let entered = again.form?["words-\(paragraph.id)"]
        let words = entered ?? known?.words ?? ""
        let isDraft = again.form.map { $0.has("draft-\(paragraph.id)") } ?? (known?.stored == .draft)
        let isStillRight = again.form?.has("right-\(paragraph.id)") ?? false
        let mayReview =
            state == .translated && known.map { $0.author != viewer.memberID || text.owner == viewer.memberID } == true
        return TranslationRow(
            id: String(paragraph.id), isTitle: paragraph.position == 0, isNeutral: paragraph.isNeutral,
            source: paragraph.words, words: words, lines: Self.lines(paragraph.words, words),
            seen: String(known?.at ?? 0), state: sign(state), isDraft: isDraft,
            changes: state == .outdated
                ? ChangedRun.runs(from: known?.sourceWords ?? "", to: paragraph.words, language: text.language) : [],
            hasChanges: state == .outdated, isStillRight: isStillRight, mayReview: mayReview,
            who: known.map { who($0, names) },
            missing: missing(paragraph.words, words), other: isCollision ? known?.words : nil,
            problem: problem(words))
    }

    private func sign(_ state: TranslationState) -> TranslationSign {
        TranslationSign(
            state: TranslationStateName(rawValue: state.rawValue) ?? .missing,
            name: Phrase("knowledge-translation-\(state.rawValue)"))
    }

    private func who(_ known: Translation, _ names: [ID: String]) -> Phrase {
        if known.stored == .reviewed, let reviewer = known.reviewer {
            return Phrase(
                "knowledge-translation-reviewed-by", .text(names[known.author] ?? ""), .text(names[reviewer] ?? ""))
        }
        return Phrase("knowledge-translation-by", .text(names[known.author] ?? ""))
    }

    /// Room for the source and a little more.
    private static func lines(_ source: String, _ words: String) -> Int {
        let longest = max(source.count, words.count)
        let breaks = max(source.count { $0 == "\n" }, words.count { $0 == "\n" })
        return min(24, max(2, longest / 56 + 1 + breaks))
    }

    private func missing(_ source: String, _ words: String) -> Phrase? {
        guard !words.isEmpty else { return nil }
        let there = Set(Placeholders.all(in: words).map(\.kind))
        let lost = Placeholders.all(in: source).filter { !there.contains($0.kind) }.map(\.text)
        return lost.isEmpty ? nil : Phrase("knowledge-placeholders-missing", .text(lost.joined(separator: " ")))
    }

    private func problem(_ words: String) -> Phrase? {
        guard again.problem?.messageKey == "placeholder-unknown" else { return nil }
        do { try Placeholders.check(words) } catch { return Phrase(error.messageKey, texts: error.arguments) }
        return nil
    }
}
