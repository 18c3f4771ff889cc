/// A template as it is rendered: read once, names already taken apart.
///
/// The part of Mustache that pages use (mustache.5, with inheritance by Justin Hileman's proposal): values, sections,
/// inverted sections, partials, parents with blocks, comments. There is no tag that prints unescaped, none that runs
/// code and none that changes the delimiters.
enum TemplatePiece: Sendable {
    case text([UInt8])
    /// `{{name}}`
    case value(TemplateName)
    /// `{{t.key}}`: a string of the interface.
    case message(String)
    /// `{{#name}}…{{/name}}`
    case section(TemplateName, [TemplatePiece])
    /// `{{^name}}…{{/name}}`
    case inverted(TemplateName, [TemplatePiece])
    /// `{{>name}}`
    case partial(String)
    /// `{{<name}}{{$block}}…{{/block}}{{/name}}`
    case parent(String, blocks: [String: [TemplatePiece]])
    /// `{{$name}}…{{/name}}`: what stands there unless a child says otherwise.
    case block(String, [TemplatePiece])
}

/// What a tag asks for: `.` (the path is empty), `.own.part` of the innermost value, or `name.part` of the innermost
/// value that has the name.
struct TemplateName: Sendable {
    let isOwn: Bool
    let path: [String]

    init(_ text: String) {
        isOwn = text.hasPrefix(".")
        path = text.split(separator: ".").map(String.init)
    }
}

extension [TemplatePiece] {
    /// Names of the templates that these pieces bring in.
    var templates: Set<String> {
        reduce(into: []) { names, piece in
            switch piece {
            case .text, .value, .message: break
            case .section(_, let inner), .inverted(_, let inner), .block(_, let inner): names.formUnion(inner.templates)
            case .partial(let name): names.insert(name)
            case .parent(let name, let blocks):
                names.insert(name)
                for inner in blocks.values { names.formUnion(inner.templates) }
            }
        }
    }
}
