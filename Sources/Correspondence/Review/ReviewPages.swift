import Web

/// What waits for a second look, and what became of one's own.
struct ReviewListPage: Page {
    static let template = "review/list"

    /// Where the reader is in training: "Queue info: 3 of 10 …".
    let training: [Phrase]
    let waiting: [ReviewLine]
    let own: [ReviewLine]
    let samples: [ReviewLine]
    let released: [ReviewLine]
    let decided: [ReviewLine]
    /// Whether the reader approves anywhere.
    let isReviewer: Bool
    let hasSamples: Bool
    let hasDecided: Bool
    let hasReleased: Bool

    var title: Phrase { Phrase("review-list-title") }
    var room: String { "reviews" }
    var section: String { "reviews" }
}

struct ReviewLine: Sendable {
    let path: String
    /// The ticket's; absent for texts.
    let number: String?
    let subject: String
    let language: LanguageSign?
    let who: Phrase
    let state: Phrase
    /// `waiting`, `returned`, … for its colour.
    let sign: String
    let reasons: [Phrase]
    let moment: Moment
    let due: Phrase?
    let isOnHold: Bool
    /// Why it was released or taken over.
    let why: String?
    let priority: PrioritySign?
}

/// One review, for the reviewer, the writer and the lead. Forms post `number` besides what they ask for.
struct ReviewPage: Page {
    static let template = "review/review"

    let heading: String
    let listPath: String
    let ticket: Link?
    let state: Phrase
    let sign: String
    let facts: [Phrase]
    let reasons: [Phrase]
    let labels: [String]
    let language: LanguageSign?
    let note: String?
    let noteTitle: Phrase
    /// What was decided before with a reason, the newest last.
    let decisions: [ReviewDecision]
    /// Why it goes although the check held it back.
    let excuses: [ReviewExcuse]
    let hasExcuses: Bool
    /// What triage said of the ticket.
    let triage: [TriageSaid]
    let hasTriage: Bool
    let isOnHold: Bool
    /// Who has to do what before it goes on.
    let holdHelp: Phrase
    let isChanged: Bool
    let problem: Phrase?
    /// What the writer answers; and what came after they submitted.
    let question: [ThreadItem]
    let hasQuestion: Bool
    let arrived: [ThreadItem]
    let hasArrived: Bool
    let recipients: String?
    let subject: String
    /// The writer's own paragraphs; then those that stand in reviewed texts.
    let own: [ReviewPassage]
    let unchanged: [ReviewPassage]
    let files: [AttachmentLine]
    let earlier: [ReviewDifference]
    let hasEarlier: Bool
    let comments: [ReviewCommentLine]
    let number: String
    /// Each absent where the viewer may not.
    let approvePath: String?
    let sendPath: String?
    let returnPath: String?
    let takeOverPath: String?
    let releasePath: String?
    let withdrawPath: String?
    let seenPath: String?
    let draftPath: String?
    /// Why the viewer cannot decide it.
    let cannot: Phrase?

    var title: Phrase { Phrase("review-title", .text(heading)) }
    var room: String { "reviews" }
}

struct ReviewPassage: Sendable {
    let position: String
    let text: String
    let source: String?
}

/// A release or a taking over: by whom, and why.
struct ReviewDecision: Sendable {
    let what: Phrase
    let why: String
    let moment: Moment?
}

struct ReviewExcuse: Sendable {
    let what: Phrase
    let why: String
    let who: String
    let moment: Moment
}

/// What changed between two texts.
struct ReviewDifference: Sendable {
    let title: Phrase
    let parts: [DifferencePart]
}

struct DifferencePart: Sendable {
    let isAdded: Bool
    let isRemoved: Bool
    let text: String
}

struct ReviewCommentLine: Sendable {
    let who: String
    let moment: Moment
    let passage: String?
    let text: String
    /// The writer lets others learn from it, without names; or takes that back.
    let lesson: Action?
    let isLesson: Bool
    /// The text that was made of it.
    var written: Link?
}

/// In the composer: what is known of a review, and what a writer may say to the reviewer (`review-note`, `reviewer`).
struct ComposerReview: Sendable {
    let isNeeded: Bool
    let reasons: [Phrase]
    let training: Phrase?
    let state: Phrase?
    let isOnHold: Bool
    let comments: [ReviewCommentLine]
    let path: String?
    let withdrawPath: String?
    let submitPath: String?
    let reviewers: [Choice]
}

/// My day: how many replies wait for the reader's eyes.
struct ReviewTeaser: Sendable {
    let text: Phrase
    let path: String
    let lines: [ReviewLine]
}

/// What a queue asks for before a reply leaves, and who is in training. POST `all`, `language`…, `labels`, `sample`,
/// `due-hours`, `training`.
struct ReviewSettingsPage: Page {
    static let template = "review/settings"

    let name: String
    let tabs: [Tab]
    let path: String
    let problem: Phrase?
    /// What no two people can fulfil any longer.
    let faults: [Phrase]
    /// Languages that two or more who may approve know.
    let reviewable: String?
    let needsAll: Bool
    let languages: [Choice]
    let labels: String
    let sample: String
    let dueHours: String
    let training: String
    /// "Rosa, Lena": who may approve here.
    let reviewers: String?
    let trainees: [TraineeLine]
    let traineePath: String
    let candidates: [Choice]

    var title: Phrase { Phrase("review-settings-title", .text(name)) }
    var room: String { "queues" }
}

struct TraineeLine: Sendable {
    let name: String
    let progress: Phrase
    let free: Action?
}

/// Texts of colleagues without a seat, and the links they come by. POST `queue` and `name` to `path`.
struct TextLinksPage: Page {
    static let template = "review/texts"

    let links: [TextLinkLine]
    let texts: [ReviewLine]
    let path: String
    let queues: [Choice]
    let problem: Phrase?

    var title: Phrase { Phrase("review-texts-title") }
    var room: String { "reviews" }
    var section: String { "texts" }
}

struct TextLinkLine: Sendable {
    let name: String
    let queue: String
    let address: String
    let end: Action?
}

/// What writers let others learn from; no names, no tickets.
struct LessonsPage: Page {
    static let template = "review/lessons"

    let lessons: [LessonLine]
    let problem: Phrase?

    var title: Phrase { Phrase("review-lessons-title") }
    var room: String { "reviews" }
    var section: String { "lessons" }
}

/// A comment as others are to read it, before its writer lets them. POST `passage`, `text` to `path`.
struct LessonOfferPage: Page {
    static let template = "review/lesson"

    let review: Link
    let path: String
    let said: ReviewCommentLine
    let passage: String?
    let text: String
    let language: LanguageSign?
    /// What was taken out, as it was written; and what may name somebody still.
    let taken: [String]
    let doubtful: [String]
    let hasTaken: Bool
    let hasDoubtful: Bool
    let problem: Phrase?

    var title: Phrase { Phrase("review-lesson-title") }
    var room: String { "reviews" }
}

struct LessonLine: Sendable {
    let anchor: String
    let passage: String?
    let text: String
    let language: LanguageSign?
    let moment: Moment
    /// The text that was made of it.
    let written: Link?
    let write: Action?
}

/// A colleague without a seat asks for a second look: POST `author`, `subject`, `sort`, `goal`, `audience`, `place`,
/// `text-language`, `needed-by`, `text`, `started`; `website` stays empty.
struct TextRequestPage: Page {
    static let template = "review/request"

    let languages: [LanguageLink]
    let name: String
    let path: String
    let sorts: [Choice]
    let textLanguages: [Choice]
    let author: Field
    let subject: Field
    let goal: Field
    let audience: Field
    let place: Field
    let neededBy: Field
    let address: Field
    let text: Field
    let started: String
    let problem: Phrase?

    var title: Phrase { Phrase("review-request-title") }
}

/// Whether a colleague is told by mail; the address is shown to nobody.
struct TextToldBox: Sendable {
    let path: String
    let isAsked: Bool
    let isProven: Bool
    let problem: Phrase?
}

/// Where that text stands; POST `text` with `number` while it is returned.
struct RequestedTextPage: Page {
    static let template = "review/requested"

    let languages: [LanguageLink]
    let heading: String
    let state: Phrase
    let sign: String
    let facts: [Phrase]
    let comments: [ReviewCommentLine]
    let text: [String]
    let textLanguage: String
    let path: String?
    let edited: Field
    let number: String
    let verdict: String?
    let problem: Phrase?
    /// POST `address` to `path`.
    let told: TextToldBox

    var title: Phrase { Phrase("review-requested-title") }
}
