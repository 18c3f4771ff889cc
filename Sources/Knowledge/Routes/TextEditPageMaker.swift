import Base
import Web

/// What the page for writing a text is made from.
struct TextEditDraft: Sendable {
    let library: Library
    let signs: TextSigns
    let kind: TextKind
    let text: KnowledgeText?
    let body: String
    let isProposal: Bool
    /// What was sent and is wrong.
    var entered: Form?
    var problem: Failure?

    var page: TextEditPage {
        let wrong = self.problem?.messageKey
        func problem(_ keys: String...) -> Phrase? {
            wrong.flatMap { key in
                keys.contains(key) ? Phrase(key, texts: self.problem?.arguments ?? []) : nil
            }
        }
        let language = entered?["language"] ?? text?.language ?? signs.language
        return TextEditPage(
            heading: heading, backPath: text.map { KnowledgePaths.show($0.id) } ?? KnowledgePaths.list(), path: path,
            seen: entered.flatMap { Int($0["seen"]) } ?? text?.version ?? 0,
            name: Field(entered?["title"] ?? text?.title ?? "", problem: problem("knowledge-title-missing")),
            body: Field(entered?["body"] ?? body, problem: problem("placeholder-unknown")),
            bodyLabel: Phrase(kind == .file ? "knowledge-body-file" : "knowledge-body"),
            fields: fields, note: Field(entered?["note"] ?? ""),
            noteLabel: Phrase(isProposal ? "proposal-why" : "knowledge-note"), isNew: text == nil,
            isProposal: isProposal,
            mayPlan: text != nil && !isProposal && kind != .file, takesFile: kind == .file && !isProposal,
            language: Field(language),
            languages: library.site.strings.languages.map {
                Choice($0, .verbatim(signs.name(of: $0)), isSelected: $0 == language)
            }, kind: kind.rawValue, placeholders: placeholders,
            problem: self.problem.map { Phrase($0.messageKey, texts: $0.arguments) },
            button: Phrase(isProposal ? "proposal-button" : text == nil ? "knowledge-create" : "web-save"))
    }

    private var heading: Phrase {
        if isProposal { return Phrase("proposal-heading", .text(text?.title ?? "")) }
        return text.map { Phrase("knowledge-edit-title", .text($0.title)) }
            ?? Phrase("knowledge-new-title", .phrase(signs.kind(kind)))
    }

    private var path: String {
        guard let text else { return KnowledgePaths.new() }
        return isProposal ? KnowledgePaths.proposing(text.id) : KnowledgePaths.edit(text.id)
    }

    private var fields: [FieldRow] {
        kind.fields.map { field in
            let value = entered?["field-\(field.rawValue)"] ?? text?.field(field) ?? ""
            return FieldRow(
                id: field.rawValue, name: Phrase("knowledge-field-\(field.rawValue)"), value: value, isDay: field.isDay)
        }
    }

    private var placeholders: [PlaceholderHelp] {
        Placeholder.Kind.allCases.map { kind in
            let argument = kind == .figure ? "…" : kind == .fill ? "…" : kind == .date ? "+7" : ""
            let name = kind.rawValue.replacing(".", with: "-")
            return PlaceholderHelp(
                text: Placeholder(kind, argument).text, meaning: Phrase("placeholder-\(name)"))
        }
    }
}

/// Begins such a page.
struct TextEditPageMaker: Sendable {
    let library: Library
    let signs: TextSigns

    func new(_ kind: TextKind) -> TextEditDraft {
        TextEditDraft(library: library, signs: signs, kind: kind, text: nil, body: outline(kind), isProposal: false)
    }

    func again(_ text: KnowledgeText, body: String, isProposal: Bool) -> TextEditDraft {
        TextEditDraft(library: library, signs: signs, kind: text.kind, text: text, body: body, isProposal: isProposal)
    }

    /// The headings people look for, in the writer's language.
    private func outline(_ kind: TextKind) -> String {
        let translate = library.site.strings.translate(signs.language)
        let headings: [String] =
            switch kind {
            case .briefing: ["earlier", "questions", "lines"]
            case .playbook: ["when", "steps", "who"]
            case .lesson: ["happened", "learned"]
            default: []
            }
        return headings.map { "## " + translate("knowledge-outline-\($0)", []) + "\n" }.joined(separator: "\n\n")
    }
}
