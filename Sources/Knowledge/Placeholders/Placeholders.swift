import Base
import Text

/// Finds and fills placeholders. What stands in code (between backticks) or after a backslash (`\{{Cite web}}`) is
/// words: texts about wikis are full of braces.
package enum Placeholders {
    package enum Piece: Sendable, Equatable {
        case words(String)
        case placeholder(Placeholder)
        /// Braces around something that is none of ours, as written.
        case unknown(String)
    }

    /// What a placeholder is filled with. What is absent stays unfilled.
    package struct Values: Sendable {
        package var contactName: String?
        package var contactAddress: String?
        package var ticketNumber: String?
        package var ticketSubject: String?
        package var queueName: String?
        package var writerName: String?
        /// Values of key figures by slug.
        package var figures: [String: String] = [:]
        /// Today, for dates; the day in `zone`.
        package var now: Milliseconds
        package var zone: String

        package init(now: Milliseconds, zone: String) {
            self.now = now
            self.zone = zone
        }
    }

    package struct Filled: Sendable, Equatable {
        package var text: String
        /// What nothing was known for, in reading order; it still stands in the text.
        package var unfilled: [Placeholder]
    }

    /// The whole text in pieces; written together again they are the text.
    package static func pieces(of text: String) -> [Piece] {
        var scanner = PlaceholderScanner(text)
        return scanner.scan()
    }

    /// All placeholders of a text, in reading order.
    package static func all(in text: String) -> [Placeholder] {
        pieces(of: text).compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// Placeholders and unknown braces that still stand in a text that is about to be sent, as they are written.
    package static func unfilled(in text: String) -> [String] {
        pieces(of: text).compactMap { piece in
            switch piece {
            case .words: nil
            case .placeholder(let placeholder): placeholder.text
            case .unknown(let text): text
            }
        }
    }

    /// Throws `placeholder-unknown` with the first that is none of ours.
    package static func check(_ text: String) throws(Failure) {
        for piece in pieces(of: text) {
            if case .unknown(let text) = piece {
                throw Failure(.invalid, "placeholder-unknown", arguments: [String(text.prefix(80))])
            }
        }
    }

    /// Fills what is known, each once: braces in a value stay as they are. Values lose line ends and control signs.
    package static func fill(_ text: String, with values: Values, language: String) -> Filled {
        var filled = Filled(text: "", unfilled: [])
        for piece in pieces(of: text) {
            switch piece {
            case .words(let words): filled.text += words
            case .unknown(let words): filled.text += words
            case .placeholder(let placeholder):
                if let value = value(of: placeholder, values, language), !value.isEmpty {
                    filled.text += value
                } else {
                    filled.text += placeholder.text
                    filled.unfilled.append(placeholder)
                }
            }
        }
        return filled
    }

    /// What one placeholder is filled with; nil when nothing is known.
    package static func value(of placeholder: Placeholder, _ values: Values, _ language: String) -> String? {
        switch placeholder.kind {
        case .contactName: values.contactName.map(oneLine)
        case .contactAddress: values.contactAddress.map(oneLine)
        case .ticketNumber: values.ticketNumber.map(oneLine)
        case .ticketSubject: values.ticketSubject.map(oneLine)
        case .queueName: values.queueName.map(oneLine)
        case .writerName: values.writerName.map(oneLine)
        case .figure: values.figures[placeholder.argument].map(oneLine)
        case .fill: nil
        case .date: day(placeholder.argument, values, language)
        }
    }

    private static func day(_ argument: String, _ values: Values, _ language: String) -> String {
        if let day = Placeholder.day(argument) { return DateText.day(day, language: language) }
        let days = Placeholder.days(argument) ?? 0
        return DateText.day(values.now + days * 86_400_000, language: language, zone: values.zone)
    }

    private static func oneLine(_ value: String) -> String {
        let scalars = value.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        // Signs that turn the rest of a line around.
        return String(String.UnicodeScalarView(scalars.filter { !(0x202A...0x202E).contains($0.value) }))
    }
}

/// Walks a text once, byte by byte: code and escapes are words.
private struct PlaceholderScanner {
    /// Longer ones are none.
    private static let longest = 200

    private let bytes: [UInt8]
    private var position = 0
    private var start = 0
    private var pieces: [Placeholders.Piece] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func scan() -> [Placeholders.Piece] {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "`"): skipCode()
            case UInt8(ascii: "{") where next(1) == UInt8(ascii: "{"): takeBraces()
            default: position += 1
            }
        }
        position = min(position, bytes.count)
        flush(to: bytes.count)
        return pieces
    }

    private func next(_ offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// Backticks end at as many backticks; without an end they are words.
    private mutating func skipCode() {
        let open = run(from: position)
        var at = position + open
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "`") else {
                at += 1
                continue
            }
            let close = run(from: at)
            if close == open {
                position = at + close
                return
            }
            at += close
        }
        position += open
    }

    private func run(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == UInt8(ascii: "`") { end += 1 }
        return end - start
    }

    private mutating func takeBraces() {
        let begin = position
        var end = position + 2
        while end + 1 < bytes.count, end - begin < Self.longest,
            !(bytes[end] == UInt8(ascii: "}") && bytes[end + 1] == UInt8(ascii: "}")),
            bytes[end] != UInt8(ascii: "{"), bytes[end] != UInt8(ascii: "\n")
        {
            end += 1
        }
        guard end + 1 < bytes.count, bytes[end] == UInt8(ascii: "}"), bytes[end + 1] == UInt8(ascii: "}") else {
            // Two opening braces and no end on this line: what follows is still to be looked at.
            position += 1
            return
        }
        flush(to: begin)
        let inner = String(decoding: bytes[begin + 2..<end], as: UTF8.self)
        if let placeholder = Placeholder(inner: inner[...]) {
            pieces.append(.placeholder(placeholder))
        } else {
            pieces.append(.unknown("{{" + inner + "}}"))
        }
        position = end + 2
        start = position
    }

    private mutating func flush(to end: Int) {
        if start < end { pieces.append(.words(String(decoding: bytes[start..<end], as: UTF8.self))) }
        start = end
    }
}
