import Oncall
import Web

/// One ticket: the thread, newest last, with everything that can be done.
struct TicketPage: Page {
    static let template = "correspondence/ticket"

    let listPath: String
    let header: TicketHeader
    let mayBelong: [MayBelong]
    let newcomers: [Newcomer]
    /// The thread, oldest first.
    let thread: [ThreadItem]
    let composer: Composer?
    let note: NoteForm?
    let properties: TicketProperties
    var safety = SafetyBox()
    let person: PersonBox?
    let history: [HistoryLine]
    var work: TicketWork?
    /// Drafts besides the one in the composer.
    var drafts: [DraftCard] = []
    var callPath: String?
    var printPath: String?
    var following: Following?
    var live: LiveTicket?
    /// What is due by when, and the date the person named.
    var due: DueBox?
    /// Pages about this ticket: it opens with them.
    var calls: [CallCard] = []
    var aids: TicketAids?
    var triage = TriageBox()
    var incidents: TicketIncidents?
    var labelForm: LabelForm?

    var title: Phrase { Phrase("ticket-title", .text(header.number), .text(header.subject)) }
    var room: String { "tickets" }
}

struct TicketHeader: Sendable {
    let number: String
    let subject: String
    let language: LanguageSign?
    let state: StateSign
    let queue: Link
    let owner: String?
    let clock: TicketClock?
    /// Closing or reopening: one click.
    let close: Action?
    let reopen: Action?
    /// Taking the ticket for oneself.
    let take: Action?
    /// "Successful": how it ended.
    var outcome: Phrase?
    /// "Waits until 3 December".
    var snoozed: Phrase?
    var priority: PrioritySign?
    /// "Away until 3 January": where the owner is.
    var ownerAway: Phrase?
}

/// A ticket this one may belong to, and why. POST to `joinPath` without fields.
struct MayBelong: Sendable {
    let number: String
    let subject: String
    let path: String
    let reason: Phrase
    let joinPath: String
}

/// Someone who brought a reply token and does not take part yet. POST to `addPath` without fields.
struct Newcomer: Sendable {
    let name: String
    let address: String
    let addPath: String
}

/// Name and address of someone; `name` is the address where no name is known.
struct Party: Sendable {
    let name: String
    let address: String
}

struct ThreadItem: Sendable {
    /// `message` came in, `answer` is ours and went out, `note` only the team sees.
    enum Kind: String, PageCase { case message, answer, note }

    /// The id in the page, for links to it.
    let anchor: String
    let kind: Kind
    let sender: Party
    let to: [Party]
    let cc: [Party]
    let moment: Moment
    let language: LanguageSign?
    let isUnread: Bool
    let isNewcomer: Bool
    /// Set where the item is a bounce or an automatic answer, said in words.
    let mark: Phrase?
    let text: [TextBlock]
    var redactions: [RedactionLine] = []
    var redactPath: String?
    let attachments: [AttachmentLine]
    let copies: Link?
    let originalPath: String?
    let htmlPath: String?
    let replyPath: String?
    let delivery: DeliverySign?
    /// Answers with this message quoted; `quoteHead` is the line above the quote.
    var quotePath: String?
    var quoteHead = ""
    var forwardPath: String?
    var redirectPath: String?
    /// "Reviewed by Rosa".
    var credits: [Phrase] = []
    /// Marks a reader's mail as thanks, or takes the mark off.
    var thanks: Action?
    var isThanks = false
}

struct AttachmentLine: Sendable {
    let name: String
    let size: String
    /// "PDF", "image", "calendar invitation".
    let kind: Phrase
    let path: String
    let previewPath: String?
    /// POST without fields; only in the composer.
    let remove: Action?
}

/// How far an answer of ours got.
struct DeliverySign: Sendable {
    enum State: String, PageCase { case queued, delivered, failed, doubt, bounced, undone }

    let state: State
    let label: Phrase
    /// What the other server said, word for word.
    let detail: String?
    /// While it can be taken back.
    let undo: Action?
    /// For what failed, and for what is in doubt.
    let resend: Action?
    /// For what is in doubt: "it did arrive".
    let settle: Action?
    /// How long it can be taken back.
    var undoSeconds = 0
}

/// A line of the history.
struct HistoryLine: Sendable {
    /// `event-…`
    let what: Phrase
    let who: String?
    let moment: Moment
}

/// Who writes to us, and what else they wrote.
struct PersonBox: Sendable {
    let name: String
    let address: String
    let language: LanguageSign?
    let earlier: [EarlierTicket]
    /// All tickets of this person, as a search.
    let all: CountedLink?
    /// For administrators: what is held about them.
    var held: Link?
}

struct EarlierTicket: Sendable {
    let subject: String
    let path: String
    let language: LanguageSign?
    let state: StateSign
    let moment: Moment
}
