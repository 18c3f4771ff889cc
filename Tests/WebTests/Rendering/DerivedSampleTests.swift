import Foundation
import Testing

@testable import Web

/// Every template there is, with a sample made from the template itself: for each value it prints, one page in which
/// that value is hostile and everything around it is there or absent so that it is shown.
@Suite struct DerivedSampleTests {
    /// Each special character, followed by a combining mark that makes both one Character.
    private static let hostile = "\"\u{301}'\u{301}<\u{301}b>\u{301}&\u{301}"
    private static let escaped = "&quot;\u{301}&#39;\u{301}&lt;\u{301}b&gt;\u{301}&amp;\u{301}"

    @Test func `every value of every template is escaped where it stands`() throws {
        var count = 0
        for outline in try TemplateOutline.all() {
            let templates = try outline.alone.mapValues { try TemplateParser.parse($0) }
            for place in outline.places where !place.isOfFrame {
                var rendering = Rendering(
                    Self.value(place.path[...]), templates: templates, translate: Translate { key, _ in key },
                    onMiss: nil)
                rendering.write(templates["probe"] ?? [])
                let html = Data(rendering.html)

                let isShown = html.range(of: Data(Self.escaped.utf8)) != nil
                let isRaw = html.range(of: Data(Self.hostile.utf8)) != nil
                #expect(isShown && !isRaw, "\(outline.name): {{\(place.name)}}")
                count += 1
            }
        }
        #expect(count > 1_000)
    }

    /// Hostile words under a path of names.
    private static func value(_ path: ArraySlice<String>) -> PageValue {
        guard let first = path.first else { return .text(hostile) }
        let structure = PageStructure()
        structure.extra[first] = value(path.dropFirst())
        return .structure(structure)
    }

    @Test func `every name a template asks for is one that a page can have`() throws {
        let known = try Self.properties()
        for outline in try TemplateOutline.all() {
            for name in outline.names where !name.hasPrefix("t.") {
                let unknown = name.split(separator: ".").map(String.init).filter {
                    !known.contains($0) && !$0.hasPrefix("is-")
                }
                #expect(unknown == [], "\(outline.name): {{\(name)}}")
            }
        }
    }

    /// Names of all properties in the sources.
    private static func properties() throws -> Set<String> {
        let root = Repository.templates.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources")
        var names: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where path.hasSuffix(".swift") {
            let source = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
            for match in source.matches(of: #/(?:let|var) (\w+)/#) { names.insert(String(match.1)) }
        }
        return names
    }
}

/// What a template asks for, and where.
struct TemplateOutline {
    /// A value that is printed, and the sections around it.
    struct Place {
        let name: String
        let steps: [(name: String, isInverted: Bool)]

        /// Names that lead to it from the page.
        var path: [String] {
            (steps.filter { !$0.isInverted }.map(\.name) + [name]).flatMap {
                $0.split(separator: ".").map(String.init)
            }
        }

        /// From the frame, whose values have tests of their own.
        var isOfFrame: Bool { ([name] + steps.map(\.name)).contains { $0.hasPrefix("frame.") || $0.hasPrefix("t.") } }
    }

    let name: String
    let source: String
    private(set) var places: [Place] = []
    private(set) var names: Set<String> = []
    private var parents: Set<String> = []
    private var partials: Set<String> = []
    private var blocks: Set<String> = []

    private enum Around { case section(String, isInverted: Bool), block }

    init(_ name: String, _ source: String) {
        self.name = name
        self.source = source
        var around: [Around] = []
        for match in source.matches(of: #/\{\{([#^$<\/>!%]?)\s*([^}]*?)\s*\}\}/#) {
            let inner = String(match.2)
            switch match.1 {
            case "#", "^":
                names.insert(inner)
                around.append(.section(inner, isInverted: match.1 == "^"))
            case "$":
                blocks.insert(inner)
                around.append(.block)
            case "<":
                parents.insert(inner)
                around.append(.block)
            case "/": around.removeLast()
            case ">": partials.insert(inner)
            case "":
                names.insert(inner)
                let steps = around.compactMap { step -> (name: String, isInverted: Bool)? in
                    guard case .section(let name, let isInverted) = step else { return nil }
                    return (name: name, isInverted: isInverted)
                }
                places.append(Place(name: inner, steps: steps))
            default: break
            }
        }
    }

    /// The template as `probe`, without what it takes from others.
    var alone: [String: String] {
        var sources = ["probe": source]
        for partial in partials { sources[partial] = "" }
        for parent in parents { sources[parent] = blocks.sorted().map { "{{$\($0)}}{{/\($0)}}" }.joined() }
        return sources
    }

    static func all() throws -> [TemplateOutline] {
        let root = Repository.templates
        return try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".mustache") }
            .sorted().map { path in
                let source = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
                return TemplateOutline(String(path.dropLast(9)), source)
            }
    }
}
