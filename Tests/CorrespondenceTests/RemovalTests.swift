import Base
import Foundation
import Storage
import TestKit
import Testing

@testable import Correspondence
@testable import People

/// Mail connections that were removed, and days away.
@Suite struct RemovalTests {
    private static let mailbox = Mailbox(
        id: 0, name: "people", queue: 0, host: "imap.example", port: 993, security: .tls, login: "a",
        secretKind: .password, folder: "INBOX", moveTo: "", intervalSeconds: 60, state: "new", checkedAt: nil)

    @Test(arguments: TestDatabase.kinds) func `a mailbox that was removed comes back with its secret`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let store = MailboxStore(
                ids: scene.stores.tickets.ids, key: try InstanceKey([UInt8](repeating: 9, count: 32)))
            var mailbox = Self.mailbox
            mailbox.queue = scene.queue.id
            let wanted = mailbox
            let id = try await database.write { db in
                let id = try store.add(wanted, secret: "quiet", in: db)
                try store.noteSeen(7, of: id, folder: "INBOX", validity: 1, in: db)
                try store.remove(id, at: 1000, in: db)
                return id
            }
            #expect(try await database.read { try store.all(in: $0) }.isEmpty)

            let other = try await database.write { try store.add(wanted, secret: "other", in: $0) }
            await #expect(throws: Failure(.conflict, "")) { try await database.write { try store.restore(id, in: $0) } }
            try await database.write { db in
                try store.remove(other, at: 1000, in: db)
                try store.restore(id, in: db)
            }

            let (all, secret, last) = try await database.read { db in
                (
                    try store.all(in: db), try store.secret(of: id, in: db),
                    try store.lastUID(of: id, folder: "INBOX", validity: 1, in: db)
                )
            }
            #expect(all.map(\.id) == [id] && all.first?.name == "people")
            #expect(secret == "quiet" && last == 7)

            try await database.write { db in
                try store.remove(id, at: 1000, in: db)
                while try store.forget(removedBefore: 2000, limit: 1, in: db) > 0 {}
            }
            await #expect(throws: Failure(.notFound, "")) { try await database.write { try store.restore(id, in: $0) } }
            let left = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM mailbox") }
            #expect(left == 0)
        }
    }

    @Test func `days away stand beside a name, in the reader's language, on those days only`() throws {
        let zone = try #require(TimeZone(identifier: "Asia/Tokyo"))
        let noon: Milliseconds = 1_795_266_000_000  // 2026-11-21T13:00:00Z
        func away(_ from: String, _ until: String) -> String? {
            let member = Member(
                id: 1, email: "", name: "Ben", letterName: "", language: "en", isAdministrator: false,
                isDisabled: false, mustChangePassword: false, zone: "", theme: "auto", usesKeys: true, seenAt: nil,
                awayFrom: from, awayUntil: until)
            return Signs(language: "de", zone: zone, now: noon).away(member)
        }

        #expect(away("2026-11-20", "2026-11-22")?.contains("22") == true)
        #expect(away("2026-11-21", "2026-11-21")?.contains("21") == true)
        #expect(away("2026-11-22", "2026-11-30") == nil)
        #expect(away("2026-11-01", "2026-11-20") == nil)
        #expect(away("", "") == nil)
    }
}
