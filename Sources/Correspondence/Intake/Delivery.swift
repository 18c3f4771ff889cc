import Base
import Foundation

/// One message for one queue, as it arrived.
package struct Delivery: Sendable {
    /// How it came: decides what may be done with it.
    package enum Source: String, Sendable {
        case lmtp, pipe, imap
        /// A public form of ours.
        case form
        /// History: never answered, threaded by References alone.
        case archive = "import"
    }

    /// Where the bytes are until they are durable.
    package enum Content: Sendable {
        case memory([UInt8])
        /// A spool file; removed by whoever made it.
        case file(URL)
    }

    package var queue: ID
    package var sender: String
    package var recipient: String
    package var source: Source
    package var receivedAt: Milliseconds
    package var content: Content

    package init(
        queue: ID, sender: String, recipient: String, source: Source, receivedAt: Milliseconds, content: Content
    ) {
        self.queue = queue
        self.sender = sender
        self.recipient = recipient
        self.source = source
        self.receivedAt = receivedAt
        self.content = content
    }
}

/// How a delivery was received.
package enum Acceptance: Sendable, Equatable {
    case accepted(ID)
    /// The same bytes were accepted for this queue before.
    case duplicate
}

/// A delivery as stored.
package struct StoredDelivery: Sendable {
    package enum State: String, Sendable {
        /// Durable, not yet read.
        case new
        /// It became a message.
        case filed
        /// A message with the same content is there already.
        case copy
    }

    package var id: ID
    package var queue: ID
    package var raw: ID
    package var sender: String
    package var recipient: String
    package var source: Delivery.Source
    package var receivedAt: Milliseconds
    package var state: State
    /// How often a helper process died of it.
    package var deaths: Int
}

extension StoredDelivery {
    /// What is parsed: the bytes as they came, and in front of them the envelope's sender, which the last server on the
    /// way notes so (RFC 5321 section 4.4). The null sender of bounces and answering machines is seen in no other way.
    func withEnvelope(_ bytes: [UInt8]) -> [UInt8] {
        guard source == .lmtp || (source == .pipe && !sender.isEmpty) else { return bytes }
        let isFieldFirst = bytes.first.map { $0 > 0x20 && $0 != 0x3E } ?? false
        guard isFieldFirst, !bytes.starts(with: Array("From ".utf8)) else { return bytes }
        let path = sender.utf8.filter { $0 > 0x20 && $0 != 0x7F && $0 != 0x3C && $0 != 0x3E }
        return Array("Return-Path: <".utf8) + path + Array(">\r\n".utf8) + bytes
    }
}
