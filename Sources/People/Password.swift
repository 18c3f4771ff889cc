import Base
import Crypto
import CryptoExtras
import Foundation

/// Passwords by scrypt, N=2^15, r=8, p=3 (OWASP's equal to 2^17/1 at 32 MiB).
///
/// A derivation takes 32 MiB and some 0.2 s: `PasswordGate` lets two run at once and refuses when twenty wait.
package enum Password {
    package static let minimumLength = 15
    package static let maximumLength = 256

    /// `scrypt$15$8$3$SALT$KEY` in base64url. Blocks the thread; call through `PasswordGate`.
    static func hash(_ password: String, salt: [UInt8]) throws -> String {
        let key = try derive(password, salt: salt)
        return "scrypt$15$8$3$\(Base64URL.encode(salt))$\(Base64URL.encode(key))"
    }

    /// Compares in constant time. Blocks the thread; call through `PasswordGate`.
    static func matches(_ password: String, hash: String) throws -> Bool {
        let parts = hash.split(separator: "$").map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let salt = Base64URL.decode(parts[4]),
            let key = Base64URL.decode(parts[5])
        else { throw Failure(.internal, "error-internal", details: "a stored password is unreadable") }
        return ConstantTime.equal(try derive(password, salt: salt), key)
    }

    private static func derive(_ password: String, salt: [UInt8]) throws -> [UInt8] {
        // NFC, so that the same keys typed on another system give the same password.
        let normal = Data(password.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: normal, salt: salt, outputByteCount: 32, rounds: 1 << 15, blockSize: 8, parallelism: 3)
        return key.withUnsafeBytes { Array($0) }
    }
}

/// At most two derivations at once, at most twenty waiting; then `tooMany`. Runs off Swift's cooperative pool.
package actor PasswordGate {
    private static let waitingLimit = 20

    private let random: Randomness
    private let queue = DispatchQueue(label: "passwords", attributes: .concurrent)
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// What an unknown name is compared with, so that it takes as long as a known one.
    private var decoy: String?

    package init(random: Randomness) { self.random = random }

    package func hash(_ password: String) async throws -> String {
        let salt = random.bytes(16)
        return try await gated { try Password.hash(password, salt: salt) }
    }

    /// `hash` is nil for an unknown name or one without a password: false after the same time.
    package func matches(_ password: String, hash: String?) async throws -> Bool {
        let known = hash != nil
        let compared: String
        if let hash { compared = hash } else { compared = try await decoyHash() }
        let matches = try await gated { try Password.matches(password, hash: compared) }
        return matches && known
    }

    private func decoyHash() async throws -> String {
        if let decoy { return decoy }
        let made = "scrypt$15$8$3$\(random.reference(byteCount: 16))$\(random.reference(byteCount: 32))"
        decoy = made
        return made
    }

    private func gated<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        if running >= 2 {
            guard waiting.count < Self.waitingLimit else {
                throw Failure(.tooMany, "sign-in-busy", details: "password derivations wait")
            }
            await withCheckedContinuation { waiting.append($0) }
        } else {
            running += 1
        }
        defer { release() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private func release() {
        if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
    }
}
