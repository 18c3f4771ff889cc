import Web

/// What a member was told of, newest first.
struct NoticeListPage: Page {
    static let template = "correspondence/notice-list"

    let lines: [NoticeLine]
    let olderPath: String?
    let settingsPath: String
    /// Absent where nothing is unread.
    let markAll: Action?

    var title: Phrase { Phrase("notice-list-title") }
}

struct NoticeLine: Sendable {
    /// "Ana mentioned you in a note."
    let text: Phrase
    let path: String
    let number: String?
    let subject: String
    let language: LanguageSign?
    let moment: Moment
    let isUnread: Bool
}

/// How a member wants to be told, and whether their reading is shown.
struct NoticeSettingsPage: Page {
    static let template = "correspondence/notice-settings"

    let path: String
    let listPath: String
    var pacePath = LevelPaths.pace()
    let kinds: [NoticeKindChoice]
    let hours: [Choice]
    let hidesReading: Bool

    var title: Phrase { Phrase("notice-settings-title") }
}

/// One kind of notice with its ways; the field is `way-KIND`.
struct NoticeKindChoice: Sendable {
    let field: String
    let name: Phrase
    let ways: [Choice]
}

/// Whether the reader follows a ticket.
struct Following: Sendable {
    let isOn: Bool
    let path: String
}

/// Where a ticket's page hears of the ticket.
struct LiveTicket: Sendable {
    let id: String
    let headerPath: String
    let presencePath: String
    let colleaguesPath: String
}

/// Where a list hears what is new in it.
struct LiveList: Sendable {
    let query: String
    let newsPath: String
    let path: String
}
