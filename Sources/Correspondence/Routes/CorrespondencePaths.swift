import People
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

/// Paths of queues, for those who keep them.
package enum QueuePaths {
    package static let list: PathPattern = "/queues"
    static let edit: PathPattern = "/queues/:id"
    static let texts: PathPattern = "/queues/:id/texts"
    static let signature: PathPattern = "/queues/:id/signature"
    static let rights: PathPattern = "/queues/:id/rights"
    static let memberRights: PathPattern = "/queues/:id/rights/members"
    static let teamRights: PathPattern = "/queues/:id/rights/teams"
    static let hours: PathPattern = "/queues/:id/hours"
    static let readers: PathPattern = "/queues/:id/readers"
    package static let care: PathPattern = "/care"
    static let checks: PathPattern = "/care/checks"
    static let retry: PathPattern = "/care/jobs/:id/retry"
}

/// Paths of teams, of members' access and of tokens.
package enum AccessPaths {
    package static let teams: PathPattern = "/teams"
    static let team: PathPattern = "/teams/:id"
    static let seats: PathPattern = "/teams/:id/members"
    static let unseating: PathPattern = "/teams/:id/members/:member/removal"
    static let leading: PathPattern = "/teams/:id/members/:member/lead"
    static let teamRemoval: PathPattern = "/teams/:id/removal"
    package static let organisation: PathPattern = "/organisation"
    static let member = MemberPaths.access
    package static let tokens: PathPattern = "/tokens"
    static let revoking: PathPattern = "/tokens/:id/revoking"
    package static let audit: PathPattern = "/audit"
    static let auditLines: PathPattern = "/audit/lines"
}

/// Paths of mail connections.
package enum ConnectionPaths {
    package static let list: PathPattern = "/mail"
    static let newMailbox: PathPattern = "/mail/mailboxes/new"
    static let mailboxes: PathPattern = "/mail/mailboxes"
    static let mailbox: PathPattern = "/mail/mailboxes/:id"
    static let mailboxTest: PathPattern = "/mail/mailboxes/:id/test"
    static let mailboxRemoval: PathPattern = "/mail/mailboxes/:id/removal"
    static let newServer: PathPattern = "/mail/servers/new"
    static let servers: PathPattern = "/mail/servers"
    static let server: PathPattern = "/mail/servers/:id"
    static let serverTest: PathPattern = "/mail/servers/:id/test"
    static let serverRemoval: PathPattern = "/mail/servers/:id/removal"
    static let mailboxRestoring: PathPattern = "/mail/mailboxes/:id/restoring"
    static let serverRestoring: PathPattern = "/mail/servers/:id/restoring"
    static let serverUse: PathPattern = "/mail/servers/:id/use"
    static let configuredUse: PathPattern = "/mail/configured/use"
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
