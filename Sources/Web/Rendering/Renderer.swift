import Foundation

/// The only thing that renders pages. Reads all templates once.
package struct Renderer: Sendable {
    enum Problem: Error { case template(String, TemplateParser.Problem), absent(String, in: String) }

    private let templates: [String: [TemplatePiece]]
    /// Names of all templates, sorted.
    package var templateNames: [String] { templates.keys.sorted() }

    /// Reads `*.mustache` below the directory; throws when one cannot be read or parsed.
    package init(templates directory: URL) throws {
        try self.init(sources: Self.read(directory))
    }

    /// Templates by name; for tests.
    package init(sources: [String: String]) throws {
        var templates: [String: [TemplatePiece]] = [:]
        for (name, source) in sources {
            do throws(TemplateParser.Problem) {
                templates[name] = try TemplateParser.parse(Self.prepare(source))
            } catch {
                throw Problem.template(name, error)
            }
        }
        for (name, pieces) in templates {
            if let absent = pieces.templates.first(where: { templates[$0] == nil }) {
                throw Problem.absent(absent, in: name)
            }
        }
        self.templates = templates
    }

    /// The whole page as HTML. `onMiss` hears of names a template asks for and no struct has; for tests.
    package func render(
        _ page: some Page, in frame: Frame, translate: Translate,
        onMiss: (@Sendable (String) -> Void)? = nil
    ) -> String {
        let root = PageStructureOf(page)
        root.extra["frame"] = .structure(PageStructureOf(frame.entering(page.room, page.section)))
        root.extra["title"] = .phrase(page.title)
        guard let pieces = templates[type(of: page).template] else {
            preconditionFailure("no template \(type(of: page).template)")
        }
        var rendering = Rendering(.structure(root), templates: templates, translate: translate, onMiss: onMiss)
        rendering.write(pieces)
        return String(decoding: rendering.html, as: UTF8.self)
    }

    /// Drops indentation: less to send, and none is added to what people wrote.
    private static func prepare(_ source: String) -> String {
        source.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n") + "\n"
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
