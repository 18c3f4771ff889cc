import Base
import Testing

@testable import People

@Suite struct TimeCodeTests {
    private static let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B: seconds since 1970 and the code of eight digits by SHA-1.
    private static let vectors: [(Int64, String)] = [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ]

    @Test(arguments: vectors) func `a code is the one of the standard`(time: Int64, code: String) {
        let step = TimeCode.step(at: time * 1000)

        #expect(TimeCode.code(secret: Self.secret, step: step, digits: 8) == code)
        #expect(TimeCode.code(secret: Self.secret, step: step) == code.suffix(6))
    }

    @Test func `the half minutes before and after are taken and no others`() {
        let at: Milliseconds = 1_111_111_111_000
        let now = TimeCode.step(at: at)
        let taken = (now - 3...now + 3).filter { step in
            let code = TimeCode.code(secret: Self.secret, step: step)
            return TimeCode.matchingStep(of: code, secret: Self.secret, at: at, after: 0) == step
        }

        #expect(taken == [now - 1, now, now + 1])
    }

    @Test func `a step that was used and those before it are refused`() {
        let at: Milliseconds = 1_111_111_111_000
        let now = TimeCode.step(at: at)
        let code = TimeCode.code(secret: Self.secret, step: now)

        #expect(TimeCode.matchingStep(of: code, secret: Self.secret, at: at, after: now - 1) == now)
        #expect(TimeCode.matchingStep(of: code, secret: Self.secret, at: at, after: now) == nil)
    }

    @Test(arguments: [
        ("123456", "123456"), (" 123 456 ", "123456"), ("١٢٣٤٥٦", "123456"), ("१२३४५६", "123456"),
        ("12345", nil), ("1234567", nil), ("abcd-efgh-ijkl-mnop", nil), ("", nil),
    ]) func `digits are read in any script`(typed: String, digits: String?) {
        #expect(TimeCode.digits(in: typed) == digits)
    }

    @Test func `the address for an authenticator names desk and account`() {
        let address = TimeCode.address(secret: Self.secret, account: "ana@desk.example", issuer: "Liaison desk.example")

        #expect(
            address == "otpauth://totp/Liaison%20desk.example:ana%40desk.example?"
                + "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Liaison%20desk.example"
                + "&algorithm=SHA1&digits=6&period=30")
    }

    @Test func `a QR code is drawn inside its quiet zone`() throws {
        let code = try #require(QRCode("otpauth://totp/Liaison"))

        #expect(code.size >= 29)
        #expect(code.path.hasPrefix("M4 4h7v1h-7z"))
    }
}
