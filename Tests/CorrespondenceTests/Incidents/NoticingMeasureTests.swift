import Base
import Foundation
import Mail
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// Row 49 of the desks' table, measured: what is found of an invented outage, and what is proposed wrongly among real
/// mails. The figures stand in docs/users/incidents.md.
struct NoticingMeasureTests {
    struct Written: Decodable {
        struct Event: Decodable {
            struct Mail: Decodable {
                var language: String
                var subject: String
                var text: String
            }

            /// `limits`: those that the limits were chosen on; `held`: those they were not.
            var part: String
            var mails: [Mail]
        }

        /// Ten sentences of each of ten languages.
        var ordinary: [String: [String]]
        var events: [String: Event]

        /// Two sentences each, forty-five different pairs in each language.
        var pairs: [(language: String, text: String)] {
            var pairs: [(language: String, text: String)] = []
            for (language, said) in ordinary.sorted(by: { $0.key < $1.key }) {
                for first in 0..<10 {
                    for second in (first + 1)..<10 { pairs.append((language, said[first] + " " + said[second])) }
                }
            }
            return pairs
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func written() throws -> Written {
        let file = root.appending(path: "Tests/Fixtures/incidents/events.json")
        return try JSONDecoder().decode(Written.self, from: try Data(contentsOf: file))
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 49: thirty people who write of one outage in five languages, each in their own words, are one group`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let written = try Self.written()
            let burst = try #require(written.events["servers"]).mails
            let languages = Set(burst.map(\.language))
            // Two weeks of ordinary mail.
            var number = 0
            for pair in written.pairs where languages.contains(pair.language) {
                number += 1
                try await scene.write(number, pair.text, "Hello")
                scene.time.advance(3_600_000)
            }
            try await scene.fileAll()
            try await scene.notice()
            #expect(try await scene.groups().isEmpty, "ordinary mail is no group")

            let ordinary = number
            for mail in burst {
                number += 1
                try await scene.write(number, mail.text, mail.subject)
                scene.time.advance(90_000)
                guard (number - ordinary).isMultiple(of: 5) else { continue }
                try await scene.fileAll()
                try await scene.notice()
            }

            let groups = try await scene.groups()
            #expect(groups.map(\.state) == [.proposed])
            let entries = try await scene.entries(try #require(groups.first?.id)).entries
            let numbers = entries.compactMap { Int($0.ticket.sender.filter(\.isNumber)) }
            #expect(numbers.allSatisfy { $0 > ordinary }, "no ordinary mail is in it")
            #expect(entries.count >= 27, "found \(entries.count) of 30")
            #expect(entries.count { $0.item.differs } <= entries.count / 3, "they ask the same")
            print("noticing: \(entries.count) of 30 in one group; \(entries.count { $0.item.differs }) marked")
        }
    }

    @Test(arguments: ["limits", "held"]) func `row 49: many people's mails about one event, in ten languages`(
        part: String
    ) throws {
        let written = try Self.written()
        let ordinary = written.pairs.enumerated().sorted { ($0.offset * 7919) % 450 < ($1.offset * 7919) % 450 }
            .map { Self.mail(ID(1 + $0.offset), contact: ID(1 + $0.offset), $0.element.language, "", $0.element.text) }
        let usual = UsualWords(Array(ordinary.dropLast(60)))
        var (all, found) = (0, 0)
        for (name, event) in written.events.sorted(by: { $0.key < $1.key }) where event.part == part {
            let burst = event.mails.enumerated().map {
                Self.mail(ID(10_000 + $0), contact: ID(10_000 + $0), $1.language, $1.subject, $1.text)
            }
            let ids = Set(burst.map(\.message))
            for amid in [0, 30, 60] {
                let bursts = Bursts(recent: Array(ordinary.suffix(amid)) + burst, usual: usual)
                let groups = burst.map { bursts.others(than: $0.message).union([$0.message]) }
                let best = groups.max { $0.intersection(ids).count < $1.intersection(ids).count } ?? []
                let (right, wrong) = (best.intersection(ids).count, best.subtracting(ids).count)
                print("noticing: \(part) \(name) amid \(amid): \(right) of \(ids.count), \(wrong) of others")
                #expect(wrong <= 5)
                #expect(10 * right >= 7 * ids.count, "\(name) amid \(amid): \(right) of \(ids.count)")
                all += ids.count
                found += right
            }
        }
        #expect(100 * found >= 88 * all, "\(found) of \(all)")
    }

    private static func mail(
        _ message: ID, contact: ID, _ language: String, _ subject: String, _ text: String
    ) -> Bursts.Mail {
        Bursts.Mail(
            message: message, contact: contact, language: language, at: 0,
            words: Bursts.words(subject, text, language: language, Scene.meanings))
    }

    @Test func `odd addresses, quotes and digits in a mail break nothing`() {
        let odd = [
            "https://", "https:///", "https://#", "https://?", "https://x/?title=&diff=", "://", "www.",
            "https://x#y#z",
            "\"", "«»", "„", "[[", "٣٤٥", "１２３", "%%%", "https://x/%FF%FE", "",
        ]
        for text in odd + odd.map({ "a " + $0 + " b" }) {
            _ = Bursts.words(text, text, language: "en", Scene.meanings)
        }
    }

    @Test func `a name sounds the same in five scripts`() {
        let names = ["Dolansky", "Долански", "دولانسكي", "दोलान्स्की", "ドランスキ"]
        let marks = names.map { MailMarks.all($0).filter { MailMarks.kind(of: $0) == .name } }
        #expect(Set(marks).count == 1 && marks[0].count == 1)
        #expect(MailMarks.all("the architect").isEmpty, "what is written small is no name")
    }

    // MARK: - Real mail

    private static let archive = ProcessInfo.processInfo.environment["LIAISON_CORPORA"].flatMap { root -> URL? in
        let url = URL(filePath: root).appending(path: "mail/lists/openbmc-2019-2021.mbox.xz")
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) ? url : nil
    }
    /// How many are read; `LIAISON_MEASURE` for more.
    private static let read = Int(ProcessInfo.processInfo.environment["LIAISON_MEASURE"] ?? "") ?? 1500
    /// So many mails are taken for those of one hour: a list is far quieter than that, a desk seldom louder.
    private static let anHour = [30, 60, 120]

    @Test(.enabled(if: archive != nil, "LIAISON_CORPORA holds no mail/lists/openbmc-2019-2021.mbox.xz"))
    func `real mail that begins a conversation is hardly ever taken for a burst`() throws {
        let mails = try Self.beginnings(try #require(Self.archive), limit: Self.read)
        #expect(mails.count > 100)
        var usual = 0
        for chance in [1e-6, 1e-8, 1e-10] {
            let limits = Bursts.Limits(mostChance: chance, mostChanceOfMeaning: chance)
            for hour in Self.anHour {
                let wrong = Self.proposals(mails, hour: hour, limits)
                print(
                    "noticing: chance \(chance), \(hour) an hour: \(wrong) proposed in \(mails.count) mails,",
                    "\(10_000 * wrong / mails.count) per 10,000")
                if chance == Bursts.Limits().mostChance, hour == 60 { usual = wrong }
            }
        }
        #expect(1000 * usual / mails.count <= 3)
    }

    /// Groups that share no mail with an earlier one, when each mail is looked at as it comes.
    private static func proposals(_ mails: [Bursts.Mail], hour: Int, _ limits: Bursts.Limits) -> Int {
        var (count, taken) = (0, Set<ID>())
        // Every fifth: whoever comes next looks at the same hour.
        for end in stride(from: hour + limits.fewestBefore, to: mails.count, by: 5) {
            let recent = Array(mails[(end - hour)..<end])
            let before = Array(mails[max(0, end - hour - 740)..<(end - hour)])
            let bursts = Bursts(recent: recent, before: before, limits: limits)
            for mail in recent {
                let group = bursts.others(than: mail.message).union([mail.message])
                guard group.count > 1 else { continue }
                if group.isDisjoint(with: taken) { count += 1 }
                taken.formUnion(group)
            }
        }
        return count
    }

    private static func beginnings(_ archive: URL, limit: Int) throws -> [Bursts.Mail] {
        let box = FileManager.default.temporaryDirectory.appending(path: "noticing-\(UUID().uuidString).mbox")
        defer { try? FileManager.default.removeItem(at: box) }
        try Unpacking.unpack(archive, into: box)
        var reader = try MboxReader(url: box)
        var mails: [Bursts.Mail] = []
        var people: [String: ID] = [:]
        for number in 0..<limit {
            guard let item = try reader.next(), case .memory(let bytes) = item.content else { break }
            let parsed = MessageParser.parse(bytes)
            guard parsed.references.isEmpty, parsed.inReplyTo.isEmpty, let from = parsed.from.first else { continue }
            let contact = people[from.address, default: ID(people.count + 1)]
            people[from.address] = contact
            let text = parsed.newText.isEmpty ? parsed.text : parsed.newText
            mails.append(
                Bursts.Mail(
                    message: ID(number), contact: contact, language: parsed.language ?? "", at: 0,
                    words: Bursts.words(
                        parsed.subject, text, language: parsed.language ?? "", Scene.meanings)))
        }
        return mails
    }
}

extension Scene {
    /// A mail of a person of their own.
    fileprivate func write(_ number: Int, _ text: String, _ subject: String) async throws {
        _ = try await accept(
            Self.mail(
                from: "Reader \(number) <reader\(number)@people.example>", id: "burst\(number)@people.example",
                subject: subject, headers: ["Content-Type: text/plain; charset=utf-8"], text: text))
    }
}
