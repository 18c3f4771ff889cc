import Crypto

/// HMAC-SHA-256 (RFC 2104) under a key that both sides have.
package enum MessageCode {
    package static func make(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
