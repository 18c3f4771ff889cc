import Foundation
import Testing

@testable import Text

struct QuoteHeadTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("i18n")

    @Test(arguments: ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"])
    func `the line above our own quotes folds with them`(language: String) throws {
        let messages = try Messages(directory: Self.folder)
        for name in ["Karl Weber", "اولگا", "k.weber@post.example", "山田太郎"] {
            for day in [1_795_168_920_000, 1_767_225_599_000, 1_783_000_000_000] as [Int64] {
                let date = DateText.exact(day, language: language, zone: "Europe/Berlin")
                let head = messages.text("letter-quote-head", language, [date, name])
                let text = "Yes.\n\n" + head + "\n> May I print it?\n>\n> Karl\n\nBye."

                let kinds = NewText.segments(of: text).map { ($0.kind, $0.text.contains(head)) }
                #expect(kinds.contains { $0 == (.quoted, true) }, "\(head)")
                #expect(!NewText.extract(from: text).contains(name), "\(head)")
            }
        }
    }

    @Test func `the line of our first letters folds too`() {
        let text = "Yes.\n\nKarl Weber, 2026-11-21:\n> May I print it?"

        #expect(NewText.extract(from: text) == "Yes.")
    }

    @Test(arguments: ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"])
    func `the line above a mail forwarded in the text is known`(language: String) throws {
        let messages = try Messages(directory: Self.folder)
        let title = messages.text("letter-forwarded", language, [])
        let text = "Look.\n\n---------- \(title) ----------\nFrom: a@b.example\nDate: x\nSubject: y\nTo: z\n\nHello"

        #expect(NewText.extract(from: text) == "Look.")
    }
}
