import Web

/// Paths of drafts: one's own below the ticket, any by its id.
enum DraftPaths {
    static let preview: PathPattern = "/tickets/:id/draft/preview"
    static let schedule: PathPattern = "/tickets/:id/draft/schedule"
    static let unschedule: PathPattern = "/tickets/:id/draft/schedule/cancelling"
    static let removing: PathPattern = "/tickets/:id/draft/files/:file/removing"
    static let show: PathPattern = "/drafts/:id"
    static let shown: PathPattern = "/drafts/:id/preview"
    static let html: PathPattern = "/drafts/:id/html"
    static let sending: PathPattern = "/drafts/:id/sending"
    static let takingOver: PathPattern = "/drafts/:id/taking-over"
    static let unscheduling: PathPattern = "/drafts/:id/schedule/cancelling"
    static let file: PathPattern = "/draft-files/:id"
}

/// Paths of mails that are sent on.
enum ForwardPaths {
    static let forwarding: PathPattern = "/messages/:id/forwarding"
    static let redirecting: PathPattern = "/messages/:id/redirecting"
    static let copies: PathPattern = "/messages/:id/copies"
    static let copy: PathPattern = "/deliveries/:id/original"
    static let print: PathPattern = "/tickets/:id/print"
}

/// Paths of calls and of letters to several people.
enum WritingPaths {
    static let newCall: PathPattern = "/calls/new"
    static let calls: PathPattern = "/calls"
    static let call: PathPattern = "/tickets/:id/calls"
    static let round: PathPattern = "/rounds/:id"
    static let roundUndo: PathPattern = "/rounds/:id/undo"
    static let acknowledgements: PathPattern = "/queues/:id/acknowledgements"
}
