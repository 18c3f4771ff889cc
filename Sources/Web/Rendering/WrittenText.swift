import Markup

/// A piece of what a person wrote: plain, marked as a search hit, or an address to follow.
package struct TextRun: Sendable, Equatable {
    package let text: String
    package let isMarked: Bool
    /// An `http` or `https` address; nothing else is ever a link.
    package let link: String?

    package init(_ text: String, isMarked: Bool = false) {
        self.text = text
        self.isMarked = isMarked
        link = nil
    }

    private init(link: String) {
        text = link
        isMarked = false
        self.link = link
    }

    /// Plain runs and links, found by their scheme. Text in, the same text out.
    package static func runs(of text: String) -> [TextRun] {
        let bytes = Array(text.utf8)
        var runs: [TextRun] = []
        var start = 0
        var position = 0
        while position < bytes.count {
            guard let end = linkEnd(bytes, from: position) else {
                position += 1
                continue
            }
            if start < position {
                runs.append(TextRun(String(decoding: bytes[start..<position], as: UTF8.self)))
            }
            runs.append(TextRun(link: String(decoding: bytes[position..<end], as: UTF8.self)))
            start = end
            position = end
        }
        if start < bytes.count {
            runs.append(TextRun(String(decoding: bytes[start...], as: UTF8.self)))
        }
        return runs
    }

    /// Where the address that begins here ends; nil when none begins here.
    private static func linkEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes[start] | 0x20 == UInt8(ascii: "h") else { return nil }
        let begin = ["https://", "http://"].lazy.map { Array($0.utf8) }.first { scheme in
            start + scheme.count < bytes.count
                && zip(scheme, bytes[start...]).allSatisfy { $0 == $1 || $0 == $1 | 0x20 }
        }
        guard let begin else { return nil }
        var end = start + begin.count
        while end < bytes.count, isInLink(bytes[end]) {
            end += 1
        }
        while end > start + begin.count, ".,;:!?)'*_".utf8.contains(bytes[end - 1]) {
            end -= 1
        }
        return end > start + begin.count ? end : nil
    }

    private static func isInLink(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"<>\"\\^`{|}".utf8.contains(byte)
    }
}

/// A part of a message's text. Quotes and signatures are folded.
package struct TextBlock: Sendable, Equatable {
    package enum Kind: String, PageCase { case words, quote, signature }

    package let kind: Kind
    package let runs: [TextRun]
    /// What a member wrote, as its reader sees it.
    package let pieces: [MarkdownPiece]
    package let isFormatted: Bool

    package init(_ kind: Kind, _ runs: [TextRun]) {
        self.kind = kind
        self.runs = runs
        pieces = []
        isFormatted = false
    }

    /// With light formatting, read as for the mail that is sent.
    package init(formatted kind: Kind, _ text: String) {
        self.kind = kind
        runs = []
        pieces = Markdown.pieces(text)
        isFormatted = true
    }

    package init(_ kind: Kind, _ text: String) { self.init(kind, TextRun.runs(of: text)) }
}

/// A field of a form with what was entered and what is wrong with it.
package struct Field: Sendable, Equatable {
    package let value: String
    package let problem: Phrase?

    package init(_ value: String = "", problem: Phrase? = nil) {
        self.value = value
        self.problem = problem
    }
}
