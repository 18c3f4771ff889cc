import Foundation
import TestKit
import Testing

@testable import Text

@Suite struct NewTextTests {
    @Test(arguments: NewTextSamples.topPosted)
    func `the answer above a quote is the new text`(sample: NewTextSamples.Sample) {
        #expect(NewText.extract(from: sample.body) == sample.new)
    }

    @Test(arguments: NewTextSamples.unmarked)
    func `a quote without angle brackets ends the new text`(sample: NewTextSamples.Sample) {
        #expect(NewText.extract(from: sample.body) == sample.new)
    }

    @Test(arguments: NewTextSamples.attributions)
    func `text below and between quotes is new`(attribution: String) {
        let body = "\(attribution)\n> one\n> two\n\nFirst answer.\n\n> three\n\nSecond answer.\n"

        #expect(NewText.extract(from: body) == "First answer.\n\nSecond answer.")
    }

    @Test(arguments: NewTextSamples.telephones)
    func `the line of a telephone is a signature`(line: String) {
        let segments = NewText.segments(of: "Hello there\n\n\(line)\n")

        #expect(segments.map(\.kind) == [.new, .signature])
        #expect(NewText.extract(from: "Hello there\n\n\(line)\n") == "Hello there")
    }

    @Test(arguments: NewTextSamples.headerBlocks)
    func `a header block quotes what follows`(block: String) {
        #expect(NewText.extract(from: "My answer.\n\n\(block)\n\nOld text.\nMore old text.") == "My answer.")
        #expect(
            NewText.extract(from: "My answer.\n\n________________________________\n\(block)\n\nOld.") == "My answer.")
    }

    @Test(arguments: NewTextSamples.messageRules)
    func `a message rule quotes what follows`(rule: String) {
        #expect(NewText.extract(from: "My answer.\n\n\(rule)\nOld text.") == "My answer.")
    }

    @Test(arguments: NewTextSamples.messageRules)
    func `a forwarded message without a word of one's own stays whole`(rule: String) {
        let body = "\(rule)\nOld text."

        #expect(NewText.extract(from: body) == body)
    }

    @Test(arguments: NewTextSamples.innocent)
    func `text that only resembles a mark is new`(body: String) {
        #expect(NewText.segments(of: body).map(\.kind) == [.new])
    }

    @Test(arguments: ["Zitat von Anna <anna@example.org>:", "Quoting Anna <anna@example.org>:"])
    func `a line that names whom it quotes counts above a quote only`(line: String) {
        #expect(NewText.extract(from: "My answer.\n\n\(line)\n\n> Old.\n") == "My answer.")
        #expect(NewText.extract(from: "\(line)\n> Old.\n\nMy answer.\n") == "My answer.")
        #expect(NewText.extract(from: "My answer.\n\n\(line)\n\nIt is mine.") == "My answer.\n\n\(line)\n\nIt is mine.")
    }

    @Test func `a signature lasts until the quote`() {
        let body = "Hello\n\n-- \nAnna\nOffice\n\nOn Tuesday, April 3, 2012 at 4:55 PM, Ben wrote:\n\n> Hi\n"

        #expect(NewText.segments(of: body).map(\.kind) == [.new, .signature, .quoted])
    }

    @Test func `a mailing list's footer is a signature`() {
        let body =
            "Hi\n\n_______________________________________________\nriders mailing list\nriders@lists.example.org\n"

        #expect(NewText.extract(from: body) == "Hi")
    }

    @Test func `an attribution in decomposed or emphasised letters is one`() {
        let decomposed = "Le 5 mai 2020 à 10:00, Zoë <z@example.org> a e\u{301}crit\u{A0}:\nvieux"

        #expect(NewText.extract(from: "Oui.\n\n" + decomposed) == "Oui.")
        #expect(
            NewText.extract(from: "Yes.\n\n*On 5 May 2020 at 10:00, Zoë <z@example.org> WROTE:*\u{200E}\nold") == "Yes."
        )
        #expect(
            NewText.extract(from: "No.\n\nOn 5 May 2020 I wrote\u{301}: nothing")
                == "No.\n\nOn 5 May 2020 I wrote\u{301}: nothing")
    }

    @Test func `carriage returns and missing newlines survive`() {
        for body in ["", "\n", "\r\n", "a\r\n> b\r\n", "> a", "\n\n> a\n\nb\n\n-- \nc", ">", "-- \n", "a\n\n"] {
            #expect(NewText.segments(of: body).map(\.text).joined(separator: "\n") == body)
        }
    }

    @Test func `every sample is joined again from its segments`() {
        for sample in NewTextSamples.topPosted + NewTextSamples.unmarked {
            #expect(NewText.segments(of: sample.body).map(\.text).joined(separator: "\n") == sample.body)
        }
    }

    @Test func `hostile bodies take linear time`() {
        let bodies = [
            String(repeating: ">", count: 1_000_000), String(repeating: "> \n", count: 300_000),
            String(repeating: "On Monday 5 at 10:00 Anna\n", count: 40_000),
            String(repeating: "From: a\n", count: 100_000),
            String(repeating: "--\n", count: 300_000), String(repeating: "a:\n", count: 300_000),
            String(repeating: "Sent from my x\n", count: 50_000), String(repeating: "_______________\n", count: 50_000),
            String(repeating: "On 5 Mar 2020 10:00 <a@b> wrote:\n", count: 30_000),
        ]

        for body in bodies {
            let start = ProcessorTime.seconds()
            #expect(!NewText.segments(of: body).isEmpty)
            let spent = ProcessorTime.seconds() - start
            #expect(spent < 20, "\(body.prefix(20)): \(spent) s")
        }
    }
}
