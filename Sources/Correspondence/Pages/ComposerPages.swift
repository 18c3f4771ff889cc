import Web

/// The answer being written. One form with fields `version`, `draft`, `draft-version`, `kind`, `from`, `to`, `cc`,
/// `subject`, `text`, `signature`, `then`, `at` and `attachment` (files, so it goes as multipart); its buttons post it
/// to
/// `savePath`, `sendPath`, `attachPath`, `previewPath` or `schedulePath`.
struct Composer: Sendable {
    let savePath: String
    let sendPath: String
    let attachPath: String?
    let discard: Action?
    /// The draft's version, so that nobody overwrites a colleague's words.
    let version: String
    let to: Field
    let cc: Field
    let subject: Field
    let text: Field
    /// Language of what is written, for spelling.
    let language: String
    let problem: Phrase?
    let attachments: [AttachmentLine]
    let signature: String?
    /// What is quoted below the answer.
    let quote: String?
    /// "Send to Karl": the button names what it does.
    let send: Phrase
    /// "Saved 10:44".
    let saved: Phrase?
    let warning: Phrase?
    /// Id and version of the draft; empty while there is none.
    var draft = ""
    var draftVersion = ""
    var kind = "answer"
    var isForward = false
    /// Whose draft it is, when it is a colleague's.
    var writer: Phrase?
    /// The queue's addresses, when there are several.
    var from: [Choice] = []
    var hasSignature = true
    /// The state of the ticket afterwards.
    var then: [Choice] = []
    var previewPath: String?
    var filesHelp: Phrase?
    var mostFileBytes = 0
    var others: ReplyAll?
    /// Whether the text may have light formatting.
    var mayRichen = false
    /// Whether the queue has a signature to leave out.
    var maySign = false
    var schedule: ComposerSchedule?
    /// "Goes out on …", and the button that stops it.
    var scheduled: ComposerScheduled?
    /// What the check noticed in the draft.
    var check: CheckBox?
    /// Where texts that may help are found.
    var suggestions: SuggestionBox?
    /// What is agreed about its incidents.
    var agreed: LineBox?
    var review: ComposerReview?
    /// The main button submits for review instead of sending.
    var submitPath: String?
}

/// Sending later: local time in `zone`.
struct ComposerSchedule: Sendable {
    let path: String
    let at: String
    let zone: String
    /// It goes out at a time already, which would be changed.
    var isSet = false
    /// What is wrong with the time; shown beside it.
    var problem: Phrase?
}

struct ComposerScheduled: Sendable {
    let text: Phrase
    let cancelPath: String
}

/// Others who got the mail that is answered, and a link that adds them as copies.
struct ReplyAll: Sendable {
    let question: Phrase
    let addresses: String
    let path: String
}

/// A colleague's draft, or one's own second one.
struct DraftCard: Sendable {
    /// "Ben writes an answer", "Ben forwards".
    let title: Phrase
    let moment: Moment
    let text: TextBlock
    let path: String
    let takeOver: Action?
    let scheduled: Phrase?
    let unschedule: Action?
}

/// A note for the team. POST with field `text`.
struct NoteForm: Sendable {
    let path: String
    let text: Field
}

/// Each property is a small form of its own; absent where the viewer may not change it.
struct TicketProperties: Sendable {
    let state: ChoiceForm?
    let owner: ChoiceForm?
    let queue: ChoiceForm?
    let priority: ChoiceForm?
    let language: ChoiceForm?
    let tags: TagForm?
}

/// A select; POST with field `value`.
struct ChoiceForm: Sendable {
    let path: String
    let choices: [Choice]
    let problem: Phrase?
}

/// Tags, separated by commas; POST with field `value`.
struct TagForm: Sendable {
    let path: String
    let value: String
    let tags: [CountedLink]
    let problem: Phrase?
    /// What others use, to choose from.
    var known: [String] = []
}

/// A new ticket, written by us. POST as multipart with `queue`, `to`, `cc`, `each` (ticked: each alone), `from`,
/// `subject`, `text`, `signature`, `attachment`, and `round` for the files of a round that was taken back.
struct NewTicketPage: Page {
    static let template = "correspondence/new-ticket"

    let path: String
    let cancelPath: String
    let queues: [Choice]
    let to: Field
    let cc: Field
    let subject: Field
    let text: Field
    let problem: Phrase?
    let warning: Phrase?
    /// Tells this page from the next that is opened: pressed twice, it writes once.
    var once = ""
    /// Held back by the check: a reason is asked for.
    var isHeld = false
    var because = ""
    /// Addresses we know, with their names, for completion.
    var contacts: [ContactChoice] = []
    var isEach = false
    var callPath = ""
    var round = ""
    var files: [String] = []
    var filesHelp: Phrase?
    /// Addresses of all queues; each belongs to one.
    var from: [Choice] = []

    var title: Phrase { Phrase("new-ticket-title") }
    var room: String { "tickets" }
}

/// Somebody we know, for a field's list.
struct ContactChoice: Sendable {
    let address: String
    let name: String
}
