import Base
import Foundation

/// A server of somebody else that is told what happened, with ids and kinds only.
package struct Webhook: Sendable, Equatable {
    package enum State: String, Sendable {
        case on, off
        /// Given up after days without an answer; its owner was told.
        case failing
        /// Its server said that it is no longer there.
        case gone
    }

    package var id: ID
    /// Whose rights it has: it tells what this member may read, and nothing when they may no longer keep one.
    package var member: ID
    package var name: String
    package var url: String
    /// Kinds of events; empty for all.
    package var kinds: [String]
    package var state: State
    /// Up to there, events were looked at.
    package var seq: Int64
    /// Failed attempts since the last that was taken.
    package var failures: Int
    package var failingSince: Milliseconds?
    /// Before then its server is left alone.
    package var retryAt: Milliseconds
    package var createdAt: Milliseconds

    /// Host and port of the URL: all that others than its owner are shown.
    package var place: String {
        let parts = URLComponents(string: url)
        return (parts?.host ?? "") + (parts?.port.map { ":\($0)" } ?? "")
    }

    /// Administrators, and leads of queues.
    package static func mayBeKept(by viewer: Viewer) -> Bool {
        viewer.isAdministrator || !viewer.queues(.manage).isEmpty
    }
}

/// What a webhook is made of, as it was entered.
package struct WebhookContent: Sendable, Equatable {
    /// Kinds that the page offers; the API takes any.
    package static let offered = [
        "ticket-opened", "message-arrived", "message-joined", "draft-sent", "note-added", "call-noted",
        "state-changed", "owner-changed", "queue-changed", "priority-changed", "tags-changed", "ticket-merged",
        "ticket-split", "ticket-protected", "message-redacted", "mail-failed", "mail-bounced", "page-opened",
        "page-called", "page-repeated", "page-outside", "page-held",
    ]

    package var name: String
    package var url: String
    package var kinds: [String]

    package init(name: String, url: String, kinds: [String]) {
        self.name = name
        self.url = url
        self.kinds = kinds
    }

    /// The address is looked at by whoever sends.
    package func validate() throws(Failure) {
        guard !name.isEmpty, name.utf8.count <= 200 else { throw Failure(.invalid, "webhook-name-missing") }
        let isKind = { (kind: String) in
            !kind.isEmpty && kind.utf8.count <= 60
                && kind.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        }
        guard kinds.count <= 200, kinds.allSatisfy(isKind) else { throw Failure(.invalid, "webhook-kind-unknown") }
    }
}

/// One event on its way to one webhook, under one id however often it is tried.
package struct WebhookDelivery: Sendable, Equatable {
    package enum State: String, Sendable { case waiting, delivered, failed }

    /// What a trial is called.
    package static let trial = "webhook-test"

    package var id: ID
    package var webhook: ID
    package var kind: String
    package var body: String
    package var state: State
    package var attempts: Int
    /// Of the last answer; 0 when there was none.
    package var status: Int
    /// Message key of what went wrong last; empty when nothing did.
    package var problem: String
    package var createdAt: Milliseconds
    package var triedAt: Milliseconds?
}
