import Foundation
import Synchronization
import Testing

@testable import Correspondence
@testable import Web

@Suite struct RenderingTests {
    let renderer: Renderer
    let messages: SampleMessages

    init() throws {
        renderer = try Renderer(templates: Repository.templates)
        messages = try SampleMessages("en")
    }

    @Test(arguments: SamplePage.all) func `a page looks as its snapshot says`(sample: SamplePage) throws {
        let html = render(sample.page)

        let file = Repository.snapshots.appendingPathComponent("\(sample.name).html")
        guard ProcessInfo.processInfo.environment["LIAISON_RECORD_SNAPSHOTS"] == nil else {
            try Data(html.utf8).write(to: file)
            return
        }
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(html == expected, "run again with LIAISON_RECORD_SNAPSHOTS=1 and look at the difference")
    }

    @Test(arguments: SamplePage.all) func `every name a template asks for is in the page`(sample: SamplePage) {
        let missing = Names()
        _ = renderer.render(
            sample.page, in: .sample(notices: Self.notices), translate: messages.translate,
            onMiss: { missing.insert($0) })

        let known = Set(Mirror(reflecting: sample.page).children.compactMap(\.label)).union(["t", "frame", "title"])
        #expect(missing.all.subtracting(known) == [])
    }

    @Test(arguments: SamplePage.all) func `no message is missing`(sample: SamplePage) {
        #expect(!render(sample.page).contains("⧼"))
    }

    @Test func `a list of fifty tickets stays far under 60 KB on its way`() throws {
        let fifty = (0..<50).map { TicketRow.samples[$0 % TicketRow.samples.count] }

        let html = render(TicketListPage.sample(rows: fifty))

        #expect(html.utf8.count < 70_000)
        #expect(try #require(Gzip.pack(Array(html.utf8))).count < 12_000)
    }

    @Test func `a page asks for nothing inline`() {
        for sample in SamplePage.all {
            let html = render(sample.page)
            #expect(!html.contains(" style=") && !html.contains("<style") && !html.contains("javascript:"))
            // Pages for the public have no script at all.
            let scripts = html.contains("<body class=\"plain public\">") ? 0 : 1
            #expect(html.components(separatedBy: "<script").count == scripts + 1, "\(sample.name)")
            #expect(html.firstRange(of: #/\son[a-z]+=/#) == nil)
        }
    }

    @Test func `a page in Arabic runs from right to left`() throws {
        let html = renderer.render(
            TicketListPage.sample, in: .sample(language: "ar"), translate: try SampleMessages("ar").translate)

        #expect(html.contains("<html lang=\"ar\" dir=\"rtl\""))
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["LIAISON_RENDER_TO"] != nil))
    func `pages are written out to be looked at`() throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["LIAISON_RENDER_TO"] ?? "")
        for language in StringsTests.languages {
            let translate = try SampleMessages(language).translate
            let place = folder.appendingPathComponent(language)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for sample in SamplePage.all {
                let html = renderer.render(sample.page, in: .sample(language: language), translate: translate)
                try Data(html.utf8).write(to: place.appendingPathComponent("\(sample.name).html"))
            }
        }
    }

    private static let notices = [
        Frame.Notice(.done, Phrase("notice-sent"), action: Frame.NoticeAction(Phrase("web-undo"), "/undo")),
        Frame.Notice(.warning, Phrase("notice-changed"), link: Link(Phrase("web-close"), "/")),
    ]

    private func render(_ page: any Page) -> String {
        renderer.render(page, in: .sample(notices: Self.notices), translate: messages.translate)
    }
}

/// Collects names from a closure that may be called anywhere.
private final class Names: Sendable {
    private let names = Mutex<Set<String>>([])
    var all: Set<String> { names.withLock { $0 } }

    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
}
