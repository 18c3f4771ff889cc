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
    struct Tongue: Decodable {
        var ordinary: [String]
        var burst: [String]
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func tongues() throws -> [(language: String, said: Tongue)] {
        let file = root.appending(path: "Tests/Fixtures/incidents/burst.json")
        let all = try JSONDecoder().decode([String: Tongue].self, from: try Data(contentsOf: file))
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 49: thirty people who write of one outage in five languages, each in their own words, are one group`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tongues = try Self.tongues()
            // Two weeks of ordinary mail: two sentences each, forty-five different pairs in each language.
            var number = 0
            for (_, said) in tongues {
                for first in 0..<10 {
                    for second in (first + 1)..<10 {
                        number += 1
                        try await scene.write(number, "\(said.ordinary[first]) \(said.ordinary[second])", "Hello")
                        scene.time.advance(3_600_000)
                    }
                }
            }
            try await scene.fileAll()
            try await scene.notice()
            #expect(try await scene.groups().isEmpty, "ordinary mail is no group")

            let ordinary = number
            for index in 0..<6 {
                for (_, said) in tongues {
                    number += 1
                    try await scene.write(number, said.burst[index], "")
                    scene.time.advance(90_000)
                }
                try await scene.fileAll()
                try await scene.notice()
            }

            let groups = try await scene.groups()
            #expect(groups.map(\.state) == [.proposed])
            let entries = try await scene.entries(try #require(groups.first?.id)).entries
            let numbers = entries.compactMap { Int($0.ticket.sender.filter(\.isNumber)) }
            #expect(numbers.allSatisfy { $0 > ordinary }, "no ordinary mail is in it")
            #expect(entries.count >= 18, "found \(entries.count) of 30")
            #expect(entries.count { $0.item.differs } <= entries.count / 3, "they ask the same")
            print("noticing: \(entries.count) of 30 in one group; \(entries.count { $0.item.differs }) marked")
        }
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
        for (chance, shared) in [(1e-4, 1), (1e-5, 1), (1e-6, 1), (1e-5, 2)] {
            let limits = Bursts.Limits(mostChance: chance, shared: shared)
            for hour in Self.anHour {
                let wrong = Self.proposals(mails, hour: hour, limits)
                print(
                    "noticing: chance \(chance), \(shared) shared, \(hour) an hour:",
                    "\(wrong) proposed in \(mails.count) mails, \(1000 * wrong / mails.count) per 1,000")
                if chance == Bursts.Limits().mostChance, shared == Bursts.Limits().shared, hour == 60 { usual = wrong }
            }
        }
        #expect(1000 * usual / mails.count <= 5)
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
        try Data().write(to: box)
        defer { try? FileManager.default.removeItem(at: box) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xz")
        process.arguments = ["-dc", archive.path(percentEncoded: false)]
        process.standardOutput = try FileHandle(forWritingTo: box)
        try process.run()
        process.waitUntilExit()
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
                    words: Bursts.words(parsed.subject, text)))
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
