import Web

/// A draft alone: a mail that is forwarded, a colleague's answer. `last` has the last message, or nothing.
struct DraftPage: Page {
    static let template = "correspondence/draft"

    let ticket: Link
    let subject: String
    let isForward: Bool
    let last: [ThreadItem]
    let composer: Composer?

    var title: Phrase { Phrase(isForward ? "forward-title" : "draft-title") }
    var room: String { "tickets" }
}

/// Two texts side by side. POST `text` with `fields` to `savePath` or `sendPath`.
struct SideBySidePage: Page {
    static let template = "correspondence/side-by-side"

    let ticket: Link
    let subject: String
    /// Somebody changed the same draft; otherwise `news` came.
    let isCollision: Bool
    let news: [ThreadItem]
    var theirs: TextBlock?
    var theirTitle: Phrase?
    let language: String
    let text: String
    let savePath: String
    let sendPath: String
    /// What is sent goes to a reviewer first.
    let isReview: Bool
    /// Where the colleague's text is kept, and mine is not.
    var keepPath: String
    var fields: [HiddenField]

    var title: Phrase { Phrase(isCollision ? "side-collision-title" : "side-held-title") }
    var room: String { "tickets" }
}

struct HiddenField: Sendable {
    let name: String
    let value: String
}

/// What will be sent, as the person will see it.
struct DraftPreviewPage: Page {
    static let template = "correspondence/draft-preview"

    let ticket: Link
    let from: String
    let to: String
    let cc: String
    let subject: String
    let files: [AttachmentLine]
    /// The body, in a frame that may load and run nothing.
    let framePath: String
    let backPath: String
    /// POST with `draft-version`; absent where the viewer may not send.
    let sendPath: String?
    let version: String
    let problem: Phrase?
    var check: CheckBox?

    var title: Phrase { Phrase("preview-title") }
    var room: String { "tickets" }
}
