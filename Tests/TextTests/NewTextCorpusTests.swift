import Foundation
import Testing

@testable import Text

/// Bodies of two public test sets, read where they are present; what is new in them was decided by reading them.
@Suite(.enabled(if: NewTextCorpus.isPresent, "LIAISON_CORPORA has no mail/email-reply-parser-bodies"))
struct NewTextCorpusTests {
    /// File, how its new text begins, how it ends, and something that must not be in it.
    static let expectations: [(String, String, String, String)] = [
        ("correct_sig.txt", "this is an email", "correct -- signature.", "rick"),
        ("email_1_1.txt", "Hi folks", "-Abhishek Kona", "mailing list"),
        ("email_1_3.txt", "Oh thanks.", "-Abhishek Kona", "You can list"),
        ("email_1_4.txt", "Awesome!", "problem with it.", "Loader"), ("email_1_5.txt", "One:", "for a while.", "\u{0}"),
        ("email_1_6.txt", "I get proper", "as well.", "caching related"), ("email_1_7.txt", ":+1:", ":+1:", "Steps"),
        ("email_1_8.txt", "I will reply under this one", "and under this.", "signature"),
        ("email_2_1.txt", "Outlook with a reply", "Outlook with a reply", "Google"),
        ("email_2_2.txt", "Outlook with a reply", "above line", "CRM"),
        ("email_2_3.txt", "Outlook with a reply", "above line", "CRM"),
        ("email_BlackBerry.txt", "Here is", "another email", "BlackBerry"),
        ("email_iPhone.txt", "Here is", "another email", "iPhone"),
        ("email_bullets.txt", "test 2", "and another", "Joe Smith"),
        ("email_multi_word_sent_from_my_mobile_device.txt", "Here is", "another email", "Verizon"),
        ("email_one_is_not_on.txt", "Thank, this", "when I run...", "Dave"),
        ("email_sent_from_my_not_signature.txt", "Here is", "my mobile phone.", "\u{0}"),
        ("email_sig_delimiter_in_middle_of_line.txt", "Hi there!", "kthxbai", "\u{0}"),
        ("greedy_on.txt", "On your remote", "not working.", "George"),
        ("pathological.txt", "I think", "back to a computer.", "shortening"),
        ("email_1_2.txt", "Hi,", "", "What is the best way"),
        ("email_long_quote.txt", "Hi folks", "-Abhishek Kona", "mailman"),
    ]

    @Test(arguments: expectations) func `new text is what a reader would call new`(
        file: String, start: String, end: String, not: String
    ) throws {
        let body = try NewTextCorpus.read("email-reply-parser-bodies/\(file)")
        let new = NewText.extract(from: body)

        #expect(new.hasPrefix(start), "\(new.prefix(200))")
        #expect(new.hasSuffix(end), "\(new.suffix(200))")
        #expect(!new.contains(not))
        #expect(NewText.segments(of: body).map(\.text).joined(separator: "\n") == body)
    }

    @Test func `the longest quote takes no time`() throws {
        let body = try NewTextCorpus.read("email-reply-parser-bodies/email_long_quote.txt")

        let time = ContinuousClock().measure { _ = NewText.extract(from: body) }

        #expect(time < .seconds(2))
    }
}

enum NewTextCorpus {
    static let root = ProcessInfo.processInfo.environment["LIAISON_CORPORA"].map {
        URL(filePath: $0).appending(path: "mail")
    }

    static var isPresent: Bool {
        root.map { FileManager.default.fileExists(atPath: $0.appending(path: "email-reply-parser-bodies").path) }
            ?? false
    }

    static func read(_ path: String) throws -> String {
        let url = try #require(root).appending(path: path)
        return try String(decoding: Data(contentsOf: url), as: UTF8.self)
    }
}
