import Base
import Foundation
import People
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Some members live in dangerous places: a letter tells the name they chose for letters and nothing else of them.
@Suite struct TwoNamesTests {
    private static let allowed: Set<String> = [
        "from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
        "content-type", "content-transfer-encoding", "content-language", "content-disposition",
    ]

    @Test(arguments: TestDatabase.kinds) func `a letter tells nothing of the member but the name for letters`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            var profile = MemberStore.Profile(scene.member)
            profile.name = "Anastasia Quint"
            profile.letterName = "Reader service"
            profile.zone = "Asia/Kathmandu"
            profile.language = "hi"
            try await database.write { [profile] db in
                try scene.members.setProfile(profile, of: scene.member.id, at: 0, in: db)
                try scene.stores.queues.setSignature("{{name}}", of: scene.queue.id, actor: nil, at: 0, in: db)
            }
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try #require(try await scene.tickets().first)

            let item = try await scene.answer(ticket.id, to: ["karl@people.example"]).item

            let bytes = try await database.read { try scene.stores.raws.bytes(of: item.raw, in: $0) }
            let letter = String(decoding: bytes, as: UTF8.self)
            let head = letter.components(separatedBy: "\r\n\r\n")[0]
            let fields = head.replacing("\r\n ", with: " ").replacing("\r\n\t", with: " ").components(
                separatedBy: "\r\n")
            let names = Set(fields.map { $0.split(separator: ":")[0].lowercased() })
            #expect(names.subtracting(Self.allowed) == [])
            let date = try #require(fields.first { $0.lowercased().hasPrefix("date:") })
            #expect(date.hasSuffix(" +0000") || date.hasSuffix(" GMT"))
            #expect(item.headerID.hasSuffix("@desk.example") && item.sender.hasSuffix("@desk.example"))
            #expect(letter.contains("Reader service"))
            let told = [
                scene.member.email, "ana@", "Anastasia", "Quint", "Kathmandu", "+0545", "+05:45",
                String(scene.member.id),
                ProcessInfo.processInfo.hostName,
            ]
            // A host's name of a few letters stands in any base64.
            for secret in told where secret != "localhost" && secret.count > 3 {
                #expect(!letter.contains(secret) && !item.sender.contains(secret), "\(secret)")
            }
        }
    }
}
