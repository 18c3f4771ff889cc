import Foundation
import Mustache

/// The only thing that renders pages. Reads all templates once; each of them, partials and parents included, is
/// escaped by `HTMLEscaping`, because the engine falls back to its own escaping at the start of every template.
package struct Renderer: Sendable {
    private let library: MustacheLibrary
    /// Names of all templates, sorted.
    package let templateNames: [String]

    /// Reads `*.mustache` below the directory; throws when one cannot be read or parsed.
    package init(templates directory: URL) throws {
        try self.init(sources: Self.read(directory))
    }

    /// Templates by name; for tests.
    package init(sources: [String: String]) throws {
        MustacheContentTypes.register(HTMLEscaping(), named: HTMLEscaping.name)
        var templates: [String: MustacheTemplate] = [:]
        for (name, source) in sources {
            templates[name] = try MustacheTemplate(string: Self.prepare(source))
        }
        library = MustacheLibrary(templates: templates)
        templateNames = templates.keys.sorted()
    }

    /// The whole page as HTML. `onMiss` hears of names a template asks for and no struct has; for tests.
    package func render(
        _ page: some Page, in frame: Frame, translate: Translate,
        onMiss: (@Sendable (String) -> Void)? = nil
    ) -> String {
        var values = PageValues(translate: translate, onMiss: onMiss)
        var root = values.fields(page)
        root.children["frame"] = values.fields(frame.entering(page.room, page.section))
        root.children["title"] = page.title.text(translate)
        root.children["t"] = TemplateMessages(translate: translate)
        guard let html = library.render(root, withTemplate: type(of: page).template) else {
            preconditionFailure("no template \(type(of: page).template)")
        }
        return html
    }

    /// Asks for our escaping, and drops indentation: less to send, and none is added to what people wrote.
    private static func prepare(_ source: String) -> String {
        let lines = source.split(separator: "\n").map { $0.drop { $0 == " " } }
        return "{{% CONTENT_TYPE: \(HTMLEscaping.name)}}" + lines.joined(separator: "\n") + "\n"
    }

    private static func read(_ directory: URL) throws -> [String: String] {
        let root = directory.resolvingSymlinksInPath().path
        var sources: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where path.hasSuffix(".mustache") {
            let data = try Data(contentsOf: URL(fileURLWithPath: root + "/" + path))
            sources[String(path.dropLast(".mustache".count))] = String(decoding: data, as: UTF8.self)
        }
        return sources
    }
}
