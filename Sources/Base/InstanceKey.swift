import Crypto
import Foundation

/// The one secret of an installation: 32 bytes from a file or the environment. All other keys are derived from it.
package struct InstanceKey: Sendable {
    private let secret: SymmetricKey

    /// Throws `configuration` unless there are at least 32 bytes.
    package init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count >= 32 else {
            throw Failure(.configuration, "error-configuration", details: "the instance key must have 32 bytes or more")
        }
        secret = SymmetricKey(data: bytes)
    }

    /// Tells keys apart without telling the key: 8 bytes in hex.
    package var fingerprint: String { Hex.encode(mac("fingerprint", []).prefix(8)) }

    /// HMAC-SHA-256 under a key derived for `purpose`.
    package func mac(_ purpose: String, _ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: derived(purpose)))
    }

    /// The text of an unguessable link: what it names, and 128 bits that only we can make of `message`. To check one,
    /// make it again and compare the whole texts by `ConstantTime`.
    package func reference(_ name: String, for purpose: String, over message: String) -> String {
        "\(name)-\(Base64URL.encode(mac(purpose, Array(message.utf8)).prefix(16)))"
    }

    /// Hex of a salted hash, for events: equal values can be compared, nothing can be read back.
    package func salted(_ value: [UInt8]) -> String { Hex.encode(mac("event", value).prefix(16)) }

    /// AES-GCM under a key derived for `purpose`: nonce, ciphertext, tag.
    package func seal(_ bytes: [UInt8], for purpose: String) throws(Failure) -> [UInt8] {
        do {
            guard let combined = try AES.GCM.seal(bytes, using: derived(purpose)).combined else {
                throw Failure(.internal, "error-internal", details: "AES-GCM")
            }
            return Array(combined)
        } catch { throw Failure(.internal, "error-internal", details: "AES-GCM") }
    }

    /// The opposite; `configuration` when it was sealed with another key.
    package func open(_ sealed: [UInt8], for purpose: String) throws(Failure) -> [UInt8] {
        do {
            return Array(try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: derived(purpose)))
        } catch {
            throw Failure(.configuration, "error-configuration", details: "sealed with another instance key")
        }
    }

    private func derived(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Data(purpose.utf8), outputByteCount: 32)
    }
}

/// Tokens that only we can make: 8 bytes of id and 64 bits of MAC in lower-case base32, 26 characters.
package struct MailTokens: Sendable {
    package enum Kind: String, Sendable {
        /// In reply addresses: the id of a ticket.
        case reply
        /// In Message-IDs we made: the id of a message.
        case message
        /// In envelope senders: the id of an outbox row.
        case bounce
    }

    private let keys: [InstanceKey]

    /// The first key makes tokens; the others, which were in use before, still verify.
    package init(key: InstanceKey, older: [InstanceKey] = []) { keys = [key] + older }

    package func make(_ kind: Kind, _ id: ID) -> String {
        let bytes = Self.bytes(id)
        return Base32.encode(bytes + keys[0].mac("token-\(kind.rawValue)", bytes).prefix(8))
    }

    package func verify(_ kind: Kind, _ token: some StringProtocol) -> ID? {
        guard token.utf8.count == 26, let bytes = Base32.decode(String(token)), bytes.count == 16 else { return nil }
        let id = Array(bytes.prefix(8))
        let isOurs = keys.contains { Array($0.mac("token-\(kind.rawValue)", id).prefix(8)) == Array(bytes.suffix(8)) }
        return isOurs ? id.reduce(0) { $0 << 8 | ID($1) } : nil
    }

    /// Twelve characters (60 bits) beside a ticket's number in a subject: `[#2026112100000172-abcdefghijkl]`.
    package func subjectMark(number: String) -> String {
        String(Base32.encode(keys[0].mac("token-subject", Array(number.utf8)).prefix(8)).prefix(12))
    }

    package func verifySubjectMark(_ mark: String, number: String) -> Bool {
        keys.contains { key in
            String(Base32.encode(key.mac("token-subject", Array(number.utf8)).prefix(8)).prefix(12))
                == mark.lowercased()
        }
    }

    private static func bytes(_ id: ID) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: id >> ID(56 - 8 * $0)) }
    }
}
