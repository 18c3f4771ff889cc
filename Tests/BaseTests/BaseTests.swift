import Foundation
import Synchronization
import Testing

@testable import Base

struct BaseTests {
    @Test func `ids grow although the clock is set back`() throws {
        final class Hand: Sendable { let time = Mutex<Milliseconds>(IDMaker.epoch + 5000) }
        let hand = Hand()
        let maker = IDMaker(node: 3, clock: Clock { hand.time.withLock { $0 } })

        var ids: [ID] = []
        for step in 0..<5000 {
            if step == 2500 { hand.time.withLock { $0 -= 4000 } }
            ids.append(try maker.make())
        }

        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.allSatisfy { $0 >> 11 & 1023 == 3 })
    }

    @Test func `a node whose lease lapsed makes no ids until it has a number again`() throws {
        let maker = IDMaker(node: 1, clock: .system)
        maker.lapse()

        #expect(throws: Failure(.unavailable, "")) { try maker.make() }
        maker.resume(node: 2)
        #expect(try maker.make() >> 11 & 1023 == 2)
    }

    @Test func `base32 survives folding of case and comes back`() {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 37 + length) }
            #expect(Base32.decode(Base32.encode(bytes).uppercased()) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test func `a token is verified for its kind and by older keys only where they are known`() throws {
        let old = try InstanceKey([UInt8](repeating: 1, count: 32))
        let new = try InstanceKey([UInt8](repeating: 2, count: 32))
        let token = MailTokens(key: old).make(.reply, 123_456_789)

        #expect(token.count == 26)
        #expect(MailTokens(key: old).verify(.reply, token) == 123_456_789)
        #expect(MailTokens(key: new, older: [old]).verify(.reply, token) == 123_456_789)
        #expect(MailTokens(key: new).verify(.reply, token) == nil)
        #expect(MailTokens(key: old).verify(.bounce, token) == nil)
        let mark = MailTokens(key: old).subjectMark(number: "2026112100000172")
        #expect(MailTokens(key: old).verifySubjectMark(mark, number: "2026112100000172"))
        #expect(!MailTokens(key: old).verifySubjectMark(mark, number: "2026112100000180"))
    }

    @Test func `what is sealed opens with the same key and purpose only`() throws {
        let key = try InstanceKey([UInt8](repeating: 7, count: 32))
        let sealed = try key.seal(Array("secret".utf8), for: "mailbox")

        #expect(try key.open(sealed, for: "mailbox") == Array("secret".utf8))
        #expect(throws: Failure(.configuration, "")) { try key.open(sealed, for: "other") }
        #expect(throws: Failure(.configuration, "")) { try InstanceKey([1, 2, 3]) }
    }

    @Test func `times are written as ISO 8601 and days are read`() {
        #expect(ISO8601.string(0) == "1970-01-01T00:00:00.000Z")
        #expect(ISO8601.string(1_795_262_400_123) == "2026-11-21T12:00:00.123Z")
        #expect(ISO8601.string(-1) == "1969-12-31T23:59:59.999Z")
        #expect(ISO8601.startOfDay("2026-11-21") == 1_795_219_200_000)
        #expect(ISO8601.startOfDay("2026-13-01") == nil)
    }

    @Test(arguments: [
        ("karl@people.example", true), ("Karl.O'Neil+x@people.example", true), ("münchen@post.example", true),
        ("karl@", false), ("@people.example", false), ("a b@c.example", false), ("a@b@c.example", false),
        ("a\r\nBcc: x@y.example", false), ("a,b@c.example", false), ("a\u{202E}b@c.example", false),
    ]) func `an address is taken only when it can be one`(address: String, isPlausible: Bool) {
        #expect(EmailAddress.isPlausible(address) == isPlausible)
    }

    @Test func `JSON strings escape what must be and keep the rest`() throws {
        let text = "a\"b\\c\n\u{1}é漢"
        let data = Data("[\(JSONText.quote(text))]".utf8)
        #expect(try JSONSerialization.jsonObject(with: data) as? [String] == [text])
    }
}
