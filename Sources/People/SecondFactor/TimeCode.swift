import Base
import Crypto
import Web

/// Codes that change every half minute (RFC 6238: SHA-1, 30 s, six digits), as authenticator programs make them.
package enum TimeCode {
    private static let period: Milliseconds = 30_000
    /// Bytes of a secret: the length of SHA-1, as RFC 4226 asks.
    static let secretLength = 20

    /// The number of the half minute.
    package static func step(at: Milliseconds) -> Int64 { at / period }

    package static func code(secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
        let key = SymmetricKey(data: secret)
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: key))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The half minute a code belongs to: this one or a neighbour, and later than `last`, so that none works twice.
    package static func matchingStep(
        of code: String, secret: [UInt8], at: Milliseconds, after last: Int64
    ) -> Int64? {
        let now = step(at: at)
        let typed = Array(code.utf8)
        var found: Int64?
        for step in [now - 1, now, now + 1] {
            let isEqual = ConstantTime.equal(Array(Self.code(secret: secret, step: step).utf8), typed)
            if isEqual, step > last { found = step }
        }
        return found
    }

    /// What the QR code says (the key URI format that authenticators read).
    package static func address(secret: [UInt8], account: String, issuer: String) -> String {
        let label = URLEncoding.encode(issuer) + ":" + URLEncoding.encode(account)
        let key = Base32.encode(secret).uppercased()
        return "otpauth://totp/\(label)?secret=\(key)&issuer=\(URLEncoding.encode(issuer))"
            + "&algorithm=SHA1&digits=6&period=30"
    }

    /// The digits of what was typed, in whatever script; nil unless there are six.
    package static func digits(in typed: String) -> String? {
        let kept = typed.filter { !$0.isWhitespace && $0 != "-" }
        let digits = kept.compactMap(\.wholeNumberValue).filter { (0...9).contains($0) }
        return kept.count == 6 && digits.count == 6 ? digits.map { String($0) }.joined() : nil
    }
}
