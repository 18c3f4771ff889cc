import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

struct SearchTests {
    /// One mail in each language: subject and text.
    private static let mails: [(id: String, subject: String, text: String)] = [
        ("en", "Photo of a bridge", "I uploaded the naïve painter's photo of the state-of-the-art bridge."),
        ("de", "Straßenbahn in Köln", "Die Straßenbahn fährt über die Brücke nach Mülheim."),
        ("es", "Corrección del artículo", "La montaña está en el artículo equivocado."),
        ("fr", "Élève et école", "L'élève a écrit à l'école depuis Besançon."),
        ("pt", "Correção da página", "A página sobre São Paulo está errada."),
        ("ru", "Ёлка и самолёт", "Самолёт приземлился в Москве зимой."),
        ("ar", "كِتَابٌ قديم", "قرأت كِتَابًا عن تاريخ مكتبة الإسكندرية."),
        ("hi", "हिन्दी विकिपीडिया", "मैंने हिन्दी विकिपीडिया पर एक लेख लिखा है।"),
        ("ja", "東京都の写真", "ウィキペディアに東京都庁の写真を載せたいです。"),
        ("zh", "维基百科的条目", "我想修改北京大学的条目。"),
    ]

    /// Query → mails it finds.
    private static let queries: [(query: String, found: Set<String>)] = [
        ("bridge", ["en"]), ("naive", ["en"]), ("\"painter's photo\"", ["en"]), ("photo -bridge", []),
        ("strassenbahn", ["de"]), ("KÖLN", ["de"]), ("koln OR montana", ["de", "es"]), ("brücke mülheim", ["de"]),
        ("subject:artículo", ["es"]), ("articulo", ["es"]), ("besancon", ["fr"]), ("eleve ecole", ["fr"]),
        ("sao paulo", ["pt"]), ("самолет", ["ru"]), ("ёлка", ["ru"]), ("москв*", ["ru"]), ("كتاب", ["ar"]),
        ("كِتَابٌ", ["ar"]),
        ("الاسكندرية", ["ar"]), ("हिन्दी", ["hi"]), ("लेख", ["hi"]), ("東京都", ["ja"]), ("写真", ["ja"]), ("東", ["ja"]),
        ("ウィキペディア", ["ja"]), ("北京大学", ["zh"]), ("条目", ["zh"]), ("大学北京", []), ("维基 百科", ["zh"]),
        ("from:ja@people.example", ["ja"]), ("language:de", ["de"]), ("before:2020", []), ("state:new bridge", ["en"]),
        ("queue:info 東京", ["ja"]), ("queue:other bridge", []), ("has:attachment", []), ("owner:none bridge", ["en"]),
    ]

    @Test(arguments: TestDatabase.kinds) func `every engine finds the same in ten languages`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for mail in Self.mails {
                let headers = [
                    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
                ]
                try await scene.receive(
                    Scene.mail(
                        from: "\(mail.id)@people.example", id: mail.id, subject: mail.subject, headers: headers,
                        text: mail.text))
            }
            for (query, found) in Self.queries {
                let parsed = try SearchQuery.parse(query, now: scene.time.clock.now())
                let senders = try await database.read { db in
                    try TicketSearch().page(parsed, visibleTo: scene.viewer, limit: 50, in: db).tickets.map(\.sender)
                }
                let ids = Set(senders.map { String($0.prefix(2)) })
                #expect(ids == found, "\(query)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a long text is found from its first to its last word and over its seams`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let words = (0..<12_000).map { "word\($0)" } + Array(repeating: "again", count: 700) + ["finally"]
            try await scene.receive(Scene.mail(id: "long@x.example", text: words.joined(separator: "\r\n")))

            for query in [
                "word0", "\"word3999 word4000 word4001\"", "\"word7990 word7991\"", "finally", "\"again finally\"",
                "word0 finally",
            ] {
                let parsed = try SearchQuery.parse(query, now: 0)
                let count = try await database.read {
                    try TicketSearch().count(parsed, visibleTo: scene.viewer, in: $0)
                }
                #expect(count == 1, "\(query)")
            }
            let none = try SearchQuery.parse("\"word3999 word4001\"", now: 0)
            #expect(try await database.read { try TicketSearch().count(none, visibleTo: scene.viewer, in: $0) } == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who may not see a queue finds and counts nothing of it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let nobody = Viewer(memberID: 5, isAdministrator: false, rights: [:])
            let all = try SearchQuery.parse("", now: 0)
            let ticket = try await scene.tickets()[0]

            let (mine, theirs) = try await database.read { db in
                (
                    try TicketSearch().count(all, visibleTo: scene.viewer, in: db),
                    try TicketSearch().count(all, visibleTo: nobody, in: db)
                )
            }

            #expect(mine == 1)
            #expect(theirs == 0)
            await #expect(throws: Failure(.notFound, "")) {
                try await database.read { try scene.stores.tickets.require(ticket.id, visibleTo: nobody, in: $0) }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `pages follow each other without gap or repetition`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            for number in 0..<25 { try await scene.receive(Scene.mail(id: "\(number)@people.example")) }
            let all = try SearchQuery.parse("", now: 0)

            var seen: [ID] = []
            var cursor: TicketSearch.Cursor?
            repeat {
                let after = cursor
                let page = try await database.read { db in
                    try TicketSearch().page(all, visibleTo: scene.viewer, after: after, limit: 10, in: db)
                }
                seen += page.tickets.map(\.id)
                cursor = page.next
            } while cursor != nil

            #expect(seen.count == 25)
            #expect(Set(seen).count == 25)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an index of an older analyser is known, and made anew with the words of attachments`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(
                    id: "1@people.example",
                    headers: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
                    text: "--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/plain\r\n"
                        + "Content-Disposition: attachment; filename=a.txt\r\n\r\nbadgers\r\n--b--"))
            try await database.write { db in
                try SearchVersion.begin(in: db)
                try db.execute("UPDATE setting SET value = '0' WHERE name = 'search-terms'")
                try db.execute("DELETE FROM job")
            }
            #expect(try await database.read { try !SearchVersion.isCurrent(in: $0) })

            let count = try await Reindexing(database: database, stores: scene.stores).run { _ in }

            let jobs = try await database.read {
                try $0.int("SELECT COUNT(*) AS n FROM job WHERE kind = 'attachment-text'")
            }
            #expect(count == 1)
            #expect(jobs == 1)
            #expect(try await database.read { try SearchVersion.isCurrent(in: $0) })
        }
    }
}
