import Base
import Foundation
import Mail
import TestKit
import Text

@testable import Correspondence

/// What the starting model learns from and is measured on: invented sentences of `Tests/Fixtures/triage`, the program's
/// own texts, and, where `LIAISON_CORPORA` holds them, real mails and news.
struct StartingCorpus {
    enum Kind: String { case plain, veiled, harmless }

    /// A sentence or a short mail of which is known whether it is about a label.
    struct Sentence {
        var text: String
        var label: SpecialistLabel
        var kind: Kind
        var language: String
        var part: Part
    }

    /// Ordinary text: about no label but perhaps those of `unknown`.
    struct Ordinary {
        enum Source { case list, news, letter, hard, page }

        var text: String
        var part: Part
        var source: Source
        var unknown: Set<SpecialistLabel> = []
    }

    enum Part {
        case learned
        /// Whole rounds, half of the mails, the news and the ordinary sentences: the measured model never saw them.
        case heldOut
        /// Written before any result was looked at; no model learned from it.
        case last
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let fixtures = root.appending(path: "Tests/Fixtures/triage")
    static let languages = ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"]

    private(set) var sentences: [Sentence] = []
    private(set) var ordinary: [Ordinary] = []

    private static func json<Value: Decodable>(_ name: String, _ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: try Data(contentsOf: fixtures.appending(path: name)))
    }

    // MARK: - Sentences

    private struct Lists: Decodable {
        var should: [String]?
        var shouldNot: [String]?
        var plain: [String]?
        var veiled: [String]?
        var harmless: [String]?
    }

    private struct Tried: Decodable {
        var round: Int?
        var text: String
        var veiled: Bool?
    }

    private struct Round: Decodable {
        var round: Int
        var label: String
        var languages: [String: [String: [Tried]]]
    }

    init() throws {
        for label in SpecialistLabel.allCases { try add(Self.json("\(label.rawValue).json"), label, .learned) }
        for number in 1...4 {
            try add(Self.json("danger-held-out-\(number).json"), .danger, number == 4 ? .heldOut : .learned)
        }
        let first: [String: [String: [String]]] = try Self.json("others-held-out-1.json")
        for (name, languages) in first {
            try add(languages.mapValues { Lists(plain: $0) }, Self.label(name), .heldOut)
        }
        for name in ["rounds-danger-latin.json", "rounds-others-latin.json"] {
            for round in try Self.json(name, [Round].self) { try add(round) }
        }
        let rounds: [String: [String: [String: [Tried]]]] = try Self.json("rounds-ar-hi-ja-ru-zh.json")
        for (name, languages) in rounds.sorted(by: { $0.key < $1.key }) {
            try add(languages, Self.label(name), heldOutFrom: name == "danger" ? 7 : 8)
        }
        for (name, languages) in try Self.json("held-out-5.json", [String: [String: Lists]].self) {
            try add(languages, Self.label(name), .last)
        }
        sentences.sort { ($0.language, $0.label.rawValue, $0.text) < ($1.language, $1.label.rawValue, $1.text) }
    }

    private static func label(_ name: String) throws -> SpecialistLabel {
        guard let label = SpecialistLabel(rawValue: name) else { throw Failure(.invalid, "error-invalid") }
        return label
    }

    private mutating func add(_ languages: [String: Lists], _ label: SpecialistLabel, _ part: Part) throws {
        for (language, lists) in languages {
            let all: [(Kind, [String]?)] = [
                (.plain, lists.should), (.plain, lists.plain), (.veiled, lists.veiled), (.harmless, lists.shouldNot),
                (.harmless, lists.harmless),
            ]
            for (kind, texts) in all {
                sentences += (texts ?? []).map {
                    Sentence(text: $0, label: label, kind: kind, language: language, part: part)
                }
            }
        }
    }

    private mutating func add(_ round: Round) throws {
        let label = try Self.label(round.label)
        let part: Part = round.round >= (label == .danger ? 4 : 2) ? .heldOut : .learned
        for (language, lists) in round.languages {
            for (name, tried) in lists {
                sentences += tried.map {
                    Sentence(
                        text: $0.text, label: label, kind: Kind(rawValue: name) ?? .plain, language: language,
                        part: part)
                }
            }
        }
    }

    private mutating func add(
        _ languages: [String: [String: [Tried]]], _ label: SpecialistLabel, heldOutFrom round: Int
    ) throws {
        for (language, lists) in languages {
            for (name, tried) in lists {
                sentences += tried.map { each in
                    Sentence(
                        text: each.text, label: label,
                        kind: name == "shouldNot" ? .harmless : each.veiled == true ? .veiled : .plain,
                        language: language, part: (each.round ?? 1) >= round ? .heldOut : .learned)
                }
            }
        }
    }

    // MARK: - Ordinary text

    /// The same half in every run.
    private static func half(_ text: String) -> Part {
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return (hash >> 20) & 1 == 0 ? .learned : .heldOut
    }

    /// What stands in this repository: sentences written for it, mails about invented events, the demonstration, the
    /// strings of the pages.
    mutating func addOwn() throws {
        for (_, texts) in try Self.json("ordinary.json", [String: [String]].self) {
            ordinary += texts.map { Ordinary(text: $0, part: Self.half($0), source: .hard) }
        }
        let events = Self.root.appending(path: "Tests/Fixtures/incidents/events.json")
        ordinary += try Self.strings(events, except: []).map {
            Ordinary(text: $0, part: Self.half($0), source: .letter)
        }
        for language in Self.languages {
            try addDemonstration(Self.root.appending(path: "Resources/demo/\(language).json"))
            let folders = try FileManager.default.contentsOfDirectory(
                at: Self.root.appending(path: "i18n"), includingPropertiesForKeys: nil)
            for folder in folders {
                ordinary += try Self.strings(folder.appending(path: "\(language).json"), except: ["@metadata"]).map {
                    Ordinary(
                        text: $0, part: .learned, source: .page,
                        unknown: Set(SpecialistLabel.allCases).subtracting([.danger]))
                }
            }
        }
        ordinary.sort { $0.text < $1.text }
    }

    private struct Demonstration: Decodable {
        struct Thread: Decodable {
            var key: String
            var subject: String
            var mails: [String]
        }

        var articles: [String]
        var places: [String]
        var hello: [String]
        var bye: [String]
        var details: [String]
        var threads: [Thread]
    }

    /// What the threads of the demonstration may be about after all.
    private static let matters: [String: Set<SpecialistLabel>] = [
        "copyright": [.permission], "self": [.livingPerson, .privacy, .legal], "press": [.press],
        "legal": [.legal, .livingPerson], "hot": [.livingPerson, .privacy], "complaint": [.legal],
    ]

    /// The letters as they go out: greeting, matter, a detail, an end.
    private mutating func addDemonstration(_ file: URL) throws {
        let demo = try JSONDecoder().decode(Demonstration.self, from: try Data(contentsOf: file))
        for (number, thread) in demo.threads.enumerated() {
            for (place, mail) in thread.mails.enumerated() {
                func turn(_ list: [String], _ step: Int) -> String {
                    list.isEmpty ? "" : list[(number + step * place) % list.count]
                }
                let text = [
                    thread.subject, turn(demo.hello, 1), mail, turn(demo.details, 3), turn(demo.bye, 1),
                ].joined(separator: "\n").replacing("{article}", with: turn(demo.articles, 2))
                    .replacing("{place}", with: turn(demo.places, 2)).replacing(/\{[a-z]+\}/, with: "1987")
                ordinary.append(
                    Ordinary(
                        text: text, part: Self.half(thread.key + demo.places.joined()), source: .letter,
                        unknown: Self.matters[thread.key] ?? []))
            }
        }
        for text in demo.details {
            ordinary.append(Ordinary(text: text, part: Self.half(text), source: .letter))
        }
    }

    /// All texts of a file, wherever they stand.
    private static func strings(_ file: URL, except: Set<String>) throws -> [String] {
        func gather(_ value: Any) -> [String] {
            switch value {
            case let text as String: text.count > 15 ? [text.replacing(/\{\{[^{}]*\}\}|\{[a-z]+\}|\$\d/, with: "")] : []
            case let list as [Any]: list.flatMap(gather)
            case let object as [String: Any]: object.filter { !except.contains($0.key) }.values.flatMap(gather)
            default: []
            }
        }
        return gather(try JSONSerialization.jsonObject(with: try Data(contentsOf: file)))
    }

    static let corpora = ProcessInfo.processInfo.environment["LIAISON_CORPORA"].map { URL(filePath: $0) }

    /// Real mails of public lists, and news of eleven languages by sentences.
    mutating func addCorpora(_ corpora: URL, mails most: Int) throws {
        let news = try FileManager.default.contentsOfDirectory(
            at: corpora.appending(path: "news/ntrex"), includingPropertiesForKeys: nil)
        struct Segment: Decodable {
            var doc: String
            var text: String
        }
        for file in news.filter({ $0.pathExtension == "jsonl" }).sorted(by: { $0.path < $1.path }) {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let segment = try JSONDecoder().decode(Segment.self, from: Data(line.utf8))
                ordinary.append(Ordinary(text: segment.text, part: Self.half(segment.doc), source: .news))
            }
        }
        for name in ["openbmc-2019-2021", "multilingual"] {
            try addMails(corpora.appending(path: "mail/lists/\(name).mbox.xz"), most: most)
        }
    }

    private mutating func addMails(_ archive: URL, most: Int) throws {
        let box = FileManager.default.temporaryDirectory.appending(path: "starting-\(UUID().uuidString).mbox")
        defer { try? FileManager.default.removeItem(at: box) }
        try Unpacking.unpack(archive, into: box)
        var reader = try MboxReader(url: box)
        for _ in 0..<most {
            guard let item = try reader.next() else { break }
            guard case .memory(let bytes) = item.content else { continue }
            let mail = MessageParser.parse(bytes)
            let words = mail.newText.isEmpty ? mail.text : mail.newText
            // A thread is held out as a whole.
            let thread = mail.subject.replacing(/^((?i:re|aw|fwd?)\s*:\s*|\[[^\]]*\]\s*)+/, with: "")
            ordinary.append(
                Ordinary(text: mail.subject + "\n" + words, part: Self.half(thread), source: .list))
        }
    }
}
