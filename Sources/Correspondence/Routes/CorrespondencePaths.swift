import Web

/// Paths of tickets and what belongs to them.
package enum TicketPaths {
    package static let list = SitePaths.tickets
    static let new = SitePaths.newTicket
    package static let show: PathPattern = "/tickets/:id"
    static let draft: PathPattern = "/tickets/:id/draft"
    static let sending: PathPattern = "/tickets/:id/sending"
    static let discarding: PathPattern = "/tickets/:id/draft/discarding"
    static let attaching: PathPattern = "/tickets/:id/draft/files"
    static let notes: PathPattern = "/tickets/:id/notes"
    static let closure: PathPattern = "/tickets/:id/closure"
    static let reopening: PathPattern = "/tickets/:id/reopening"
    static let taking: PathPattern = "/tickets/:id/taking"
    static let state: PathPattern = "/tickets/:id/state"
    static let owner: PathPattern = "/tickets/:id/owner"
    static let queue: PathPattern = "/tickets/:id/queue"
    static let priority: PathPattern = "/tickets/:id/priority"
    static let tags: PathPattern = "/tickets/:id/tags"
    static let joining: PathPattern = "/tickets/:id/joining/:candidate"
    static let admission: PathPattern = "/tickets/:id/participants/:position/admission"
}

/// Paths of single messages.
package enum MessagePaths {
    static let original: PathPattern = "/messages/:id/original"
    static let html: PathPattern = "/messages/:id/html"
    static let undo: PathPattern = "/messages/:id/undo"
    static let resending: PathPattern = "/messages/:id/resending"
    static let settling: PathPattern = "/messages/:id/settling"
    static let attachment: PathPattern = "/attachments/:id"
}

/// Paths of administrators.
package enum QueuePaths {
    package static let list: PathPattern = "/queues"
    static let edit: PathPattern = "/queues/:id"
    package static let care: PathPattern = "/care"
    static let retry: PathPattern = "/care/jobs/:id/retry"
}

/// Paths of what keeps people safe.
enum SafetyPaths {
    static let room: PathPattern = "/safety"
    static let refuge: PathPattern = "/safety/refuges/:id"
    static let redaction: PathPattern = "/messages/:id/redaction"
    static let protection: PathPattern = "/tickets/:id/protection"
    static let childSafety: PathPattern = "/tickets/:id/child-safety"
    static let blocking: PathPattern = "/tickets/:id/blocking"
    static let blocked: PathPattern = "/queues/:id/blocked"
    static let view: PathPattern = "/messages/:id/view"
    static let preview: PathPattern = "/attachments/:id/preview"
}
