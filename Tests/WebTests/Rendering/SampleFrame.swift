@testable import Web

extension Frame {
    static func sample(language: String = "en", theme: String = "auto", notices: [Notice] = []) -> Frame {
        Frame(
            language: language, direction: language == "ar" ? "rtl" : "ltr", theme: theme,
            assets: Assets(
                stylesheet: "/static/app.0000.css", script: "/static/app.0000.js", icons: "/static/icons.0000.svg",
                favicon: "/static/favicon.0000.svg"),
            person: Person(
                name: "Ana Sousa", email: "ana@desk.example", signOutPath: "/sign-out", accountPath: "/account"),
            rooms: [
                Room(id: "tickets", name: Phrase("web-room-tickets"), icon: "tickets", path: "/tickets", count: 12),
                Room(id: "queues", name: Phrase("web-room-queues"), icon: "queues", path: "/queues"),
                Room(id: "members", name: Phrase("web-room-members"), icon: "members", path: "/members"),
                Room(id: "care", name: Phrase("web-room-care"), icon: "care", path: "/care", count: 3),
            ],
            search: Search(path: "/search"), newTicketPath: "/tickets/new",
            preferences: Preferences(
                path: "/preferences", next: "/",
                themes: [
                    Choice("auto", Phrase("web-theme-auto"), isSelected: true),
                    Choice("light", Phrase("web-theme-light")), Choice("dark", Phrase("web-theme-dark")),
                ],
                languages: [
                    Choice("en", .verbatim("English"), isSelected: true), Choice("ar", .verbatim("العربية")),
                ], hasKeys: true),
            formToken: "masked-token", notices: notices)
    }
}

extension Moment {
    static let justNow = Moment(
        age: Phrase("web-age-now"), exact: "21 November 2026, 10:44", machine: "2026-11-21T09:44:00Z")
    static let anHourAgo = Moment(
        age: Phrase("web-age-hours", .number(1)), exact: "21 November 2026, 09:40", machine: "2026-11-21T08:40:00Z")
    static let yesterday = Moment(
        age: Phrase("web-age-hours", .number(20)), exact: "20 November 2026, 14:02", machine: "2026-11-20T13:02:00Z")
    static let lastWeek = Moment(
        age: Phrase("web-age-days", .number(6)), exact: "15 November 2026, 18:20", machine: "2026-11-15T17:20:00Z")
}
