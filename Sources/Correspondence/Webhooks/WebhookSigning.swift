import Base
import Foundation

/// How a receiver knows that a request is ours: the headers of Standard Webhooks (version 1).
///
/// The signature is HMAC-SHA-256 over `id.timestamp.body` under the bytes that follow `whsec_` in the secret. The
/// timestamp is that of the attempt, in seconds, so that what somebody recorded is not worth anything later.
enum WebhookSigning {
    static let prefix = "whsec_"

    static func makeSecret(_ random: Randomness) -> String {
        prefix + Data(random.bytes(32)).base64EncodedString()
    }

    static func headers(id: ID, body: String, secret: String, at: Milliseconds) -> [(String, String)] {
        let (id, time) = (String(id), String(at / 1000))
        let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))).map { [UInt8]($0) } ?? []
        let code = MessageCode.make(Array("\(id).\(time).\(body)".utf8), key: key)
        return [
            ("Content-Type", "application/json"), ("User-Agent", "Liaison"), ("webhook-id", id),
            ("webhook-timestamp", time), ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }
}
