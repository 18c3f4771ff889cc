@testable import Correspondence
@testable import Web

extension LanguageSign {
    static let german = LanguageSign(code: "de", name: "German")
    static let arabic = LanguageSign(code: "ar", name: "Arabic")
    static let japanese = LanguageSign(code: "ja", name: "Japanese")
}

extension TicketRow {
    static func sample(
        _ number: Int, _ subject: String, _ excerpt: String, from sender: String, _ language: LanguageSign?,
        _ state: StateSign.Name, owner: String? = nil, isUnread: Bool = false, clock: TicketClock? = nil,
        age: Moment = .yesterday
    ) -> TicketRow {
        var row = TicketRow(
            path: "/tickets/\(number)", number: "20261121000\(number)", subject: subject, excerpt: excerpt,
            sender: sender, language: language, queue: "info-\(language?.code ?? "en")", owner: owner,
            state: StateSign(state), isUnread: isUnread, hasAttachments: number.isMultiple(of: 3),
            messages: Phrase.figure(number % 4 + 1),
            clock: clock, age: age)
        row.id = String(number)
        row.isPickable = true
        row.priority = number == 172 ? PrioritySign(4) : nil
        row.tags = number == 172 ? ["photos"] : []
        return row
    }

    static let samples: [TicketRow] = [
        sample(
            172, "Foto meines Großvaters",
            "Guten Tag, ich habe ein Bild meines Großvaters, das im Artikel fehlt. Darf ich es",
            from: "Karl Weber", .german, .new, isUnread: true,
            clock: TicketClock(
                label: Phrase("ticket-clock-left", .phrase(Phrase("web-age-hours", .number(3)))), isOver: false),
            age: .justNow),
        sample(
            171, "سؤال عن تعديل مقالتي", "مرحبا، لقد حذف أحدهم تعديلي في مقالة عن مدينتي ولا أفهم السبب",
            from: "سلمى حداد",
            .arabic, .open, owner: "Ana", isUnread: true, age: .anHourAgo),
        sample(
            170, "写真の利用許可について", "はじめまして。展覧会の図録に写真を使わせていただきたく、ご連絡しました。", from: "佐藤 由美", .japanese,
            .waiting, owner: "Ben",
            clock: TicketClock(
                label: Phrase("ticket-clock-over", .phrase(Phrase("web-age-days", .number(2)))), isOver: true)),
        sample(
            169, "A mistake in the article about my town, and three more that I found on the way",
            "The population is from 1981.",
            from: "Margaret Featherstonehaugh-Smythe", LanguageSign(code: "en", name: "English"), .answered,
            owner: "Chi"),
        sample(
            168, "Demande de reproduction", "Bonjour, nous préparons un manuel scolaire", from: "Éditions du Pré",
            LanguageSign(code: "fr", name: "French"), .closed, owner: "Ana", age: .lastWeek),
        sample(167, "WIN NOW", "You have been selected", from: "noreply@win.example", nil, .junk, age: .lastWeek),
        sample(
            166, "मेरे खाते की समस्या", "नमस्ते, मैं अपने खाते में प्रवेश नहीं कर पा रहा हूँ।", from: "राजेश कुमार",
            LanguageSign(code: "hi", name: "Hindi"), .new, isUnread: true, age: .lastWeek),
        sample(
            165, "Вопрос о лицензии", "Здравствуйте! Можно ли использовать карту в дипломной работе?",
            from: "Ольга Петрова",
            LanguageSign(code: "ru", name: "Russian"), .open, owner: "Ben", age: .lastWeek),
    ]
}

extension TicketListPage {
    static let sample = sample(rows: TicketRow.samples)

    static func sample(rows: [TicketRow]) -> TicketListPage {
        var page = TicketListPage(
            views: [
                CountedLink(Phrase("ticket-view-open"), count: 214, path: "/tickets", isCurrent: true),
                CountedLink(Phrase("ticket-view-mine"), count: 7, path: "/tickets?query=owner:me"),
                CountedLink(Phrase("ticket-view-unowned"), count: 38, path: "/tickets?query=owner:none"),
                CountedLink(Phrase("ticket-view-waiting"), count: 21, path: "/tickets?query=state:waiting"),
            ],
            queues: [
                CountedLink(.verbatim("info-de"), count: 61, path: "/tickets?query=queue:info-de"),
                CountedLink(.verbatim("info-ar"), count: 12, path: "/tickets?query=queue:info-ar"),
                CountedLink(.verbatim("photo permissions"), count: 9, path: "/tickets?query=queue:photos"),
            ],
            filter: TicketFilter(
                path: "/tickets", query: "state:open", problem: nil,
                chips: [FilterChip(words: "state:open", removePath: "/tickets?query=")], clearPath: "/tickets?query="),
            count: Phrase("ticket-list-count", .number(214)), rows: rows, newerPath: nil,
            olderPath: "/tickets?cursor=abc", newTicketPath: "/tickets/new", empty: nil)
        let keep = Choice("", Phrase("bulk-keep"))
        page.sorts = [
            CountedLink(Phrase("sort-updated"), count: 0, path: "/tickets?sort=updated", isCurrent: true),
            CountedLink(Phrase("sort-oldest"), count: 0, path: "/tickets?sort=oldest"),
        ]
        page.bulk = BulkForm(
            path: "/changes", back: "/tickets", query: "state:open", all: Phrase("bulk-all", .number(214)),
            states: [keep, Choice("closed", Phrase("ticket-state-closed"))],
            owners: [keep, Choice("me", Phrase("search-owner-me"))], queues: [keep], priorities: [keep],
            snoozes: [keep, Choice("tomorrow", Phrase("snooze-tomorrow"))], tags: ["photos"])
        page.saved = [
            SavedFilterLine(
                name: "Photos of the week", path: "/tickets?query=tag:photos", isCurrent: false, isShared: true,
                remove: nil)
        ]
        page.save = FilterForm(path: "/filters", query: "state:open", sort: "updated")
        page.next = Action("/tickets/next")
        return page
    }

    static let empty = TicketListPage(
        views: [CountedLink(Phrase("ticket-view-open"), count: 0, path: "/tickets", isCurrent: true)], queues: [],
        filter: TicketFilter(path: "/tickets", query: "", problem: nil, chips: [], clearPath: nil),
        count: Phrase("ticket-list-count", .number(0)), rows: [], newerPath: nil, olderPath: nil, newTicketPath: nil,
        empty: EmptyList(
            heading: Phrase("ticket-list-empty-first"), advice: Phrase("ticket-list-empty-first-advice"),
            step: Link(Phrase("ticket-list-empty-first-step"), "/queues")))
}

extension SearchPage {
    static let sample = SearchPage(
        filter: TicketFilter(
            path: "/search", query: "Großvater", problem: nil,
            chips: [FilterChip(words: "Großvater", removePath: "/search")], clearPath: "/search"),
        count: Phrase("search-count", .number(1)),
        results: [
            SearchResult(
                path: "/tickets/172", number: "2026112100000172",
                subject: [TextRun("Foto meines "), TextRun("Großvaters", isMarked: true)],
                excerpts: [
                    Excerpt(
                        runs: [
                            TextRun("… ich habe ein Bild meines "), TextRun("Großvaters", isMarked: true),
                            TextRun(", das im Artikel fehlt …"),
                        ], language: "de", path: "/tickets/172#m1")
                ], sender: "Karl Weber", queue: "info-de", language: .german, state: StateSign(.open), age: .yesterday)
        ], olderPath: "/search?cursor=x", limit: Phrase("search-limit", "21 May 2026"), empty: nil)
}
