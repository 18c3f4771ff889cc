@testable import Correspondence
@testable import Web

extension ThreadItem {
    static let message = ThreadItem(
        anchor: "m1", kind: .message, sender: Party(name: "Karl Weber", address: "karl.weber@post.example"),
        to: [Party(name: "info-de", address: "info-de@desk.example")], cc: [], moment: .yesterday, language: .german,
        isUnread: false, isNewcomer: false, mark: nil,
        text: [
            TextBlock(
                .words,
                "Guten Tag,\n\nich habe ein Bild meines Großvaters, das im Artikel über ihn fehlt. Es ist von 1931 und "
                    + "liegt bei uns zu Hause. Darf ich es hochladen, und was muss ich dafür tun? Der Artikel steht hier: "
                    + "https://de.wiki.example/wiki/Emil_Weber.\n\nMit freundlichen Grüßen"),
            TextBlock(.signature, "Karl Weber\nLindenstraße 4"),
        ],
        attachments: [
            AttachmentLine(
                name: "Großvater 1931.jpg", size: "2.4 MB", kind: Phrase("attachment-kind-image"), path: "/a/1",
                previewPath: "/a/1/preview", remove: nil)
        ], copies: Link(Phrase("ticket-copies", .number(2)), "/m/1/copies"), originalPath: "/m/1/original",
        htmlPath: "/m/1/html", replyPath: "/tickets/172?reply=1#answer", delivery: nil)

    static let note = ThreadItem(
        anchor: "n1", kind: .note, sender: Party(name: "Ben Okafor", address: "ben@desk.example"), to: [], cc: [],
        moment: .anHourAgo, language: nil, isUnread: false, isNewcomer: false, mark: nil,
        text: [TextBlock(.words, "He took it himself? 1931 is late enough that we must ask who the photographer was.")],
        attachments: [], copies: nil, originalPath: nil, htmlPath: nil, replyPath: nil, delivery: nil)

    static func answer(_ delivery: DeliverySign) -> ThreadItem {
        ThreadItem(
            anchor: "a-\(delivery.state.rawValue)", kind: .answer,
            sender: Party(name: "Ana Sousa", address: "info-de@desk.example"),
            to: [Party(name: "Karl Weber", address: "karl.weber@post.example")], cc: [], moment: .anHourAgo,
            language: .german, isUnread: false, isNewcomer: false, mark: nil,
            text: [
                TextBlock(
                    .words, "Guten Tag Herr Weber,\n\nvielen Dank für das Bild. Wissen Sie, wer es aufgenommen hat?"),
                TextBlock(.quote, "ich habe ein Bild meines Großvaters"),
                TextBlock(
                    formatted: .words, "1. **Name\u{301}** \"<\u{338}b>\n2. [Wann](https://a.example/?\"\u{338}x)"),
                TextBlock(formatted: .quote, "> Darf ich es *hochladen*?"),
            ], attachments: [], copies: nil, originalPath: "/m/2/original", htmlPath: nil, replyPath: nil,
            delivery: delivery)
    }

    static let reply = ThreadItem(
        anchor: "m3", kind: .message, sender: Party(name: "Lena Weber", address: "lena@weber.example"),
        to: [Party(name: "info-de", address: "info-de@desk.example")],
        cc: [Party(name: "Karl Weber", address: "karl.weber@post.example")], moment: .justNow, language: .german,
        isUnread: true, isNewcomer: true, mark: Phrase("ticket-mark-auto"),
        text: [
            TextBlock(.words, "Das war unser Onkel Fritz, gestorben 1948."),
            TextBlock(.quote, "Wissen Sie, wer es aufgenommen hat?"),
        ],
        attachments: [], copies: nil, originalPath: "/m/3/original", htmlPath: nil,
        replyPath: "/tickets/172?reply=3#answer",
        delivery: nil)
}

extension DeliverySign {
    static let delivered = DeliverySign(
        state: .delivered, label: Phrase("delivery-delivered"), detail: nil, undo: nil, resend: nil, settle: nil)
    static let queued = DeliverySign(
        state: .queued, label: Phrase("delivery-queued"), detail: nil, undo: Action("/o/1/undo"), resend: nil,
        settle: nil)
    static let failed = DeliverySign(
        state: .failed, label: Phrase("delivery-failed"), detail: "550 5.1.1 no such user", undo: nil,
        resend: Action("/o/1/again"), settle: nil)
    static let doubt = DeliverySign(
        state: .doubt, label: Phrase("delivery-doubt"), detail: nil, undo: nil, resend: Action("/o/1/again"),
        settle: Action("/o/1/settled"))
}

extension TicketPage {
    static let sample = TicketPage(
        listPath: "/tickets",
        header: TicketHeader(
            number: "2026112100000172", subject: "Foto meines Großvaters", language: .german, state: StateSign(.open),
            queue: Link(.verbatim("info-de"), "/tickets?query=queue:info-de"), owner: "Ana",
            clock: TicketClock(
                label: Phrase("ticket-clock-left", .phrase(Phrase("web-age-hours", .number(3)))), isOver: false),
            close: Action("/tickets/172/closure"), reopen: nil, take: Action("/tickets/172/owner")),
        mayBelong: [
            MayBelong(
                number: "2026102000000045", subject: "Emil Weber", path: "/tickets/45",
                reason: Phrase("ticket-reason-reference"), joinPath: "/tickets/172/join/45")
        ],
        newcomers: [
            Newcomer(name: "Lena Weber", address: "lena@weber.example", addPath: "/tickets/172/participants/9")
        ],
        thread: [.message, .note, .answer(.delivered), .answer(.failed), .answer(.doubt), .reply, .answer(.queued)],
        composer: .full, note: NoteForm(path: "/tickets/172/notes", text: Field()), properties: .sample,
        person: PersonBox(
            name: "Karl Weber", address: "karl.weber@post.example", language: .german,
            earlier: [
                EarlierTicket(
                    subject: "Geburtsort von Emil Weber", path: "/tickets/45", language: .german,
                    state: StateSign(.closed),
                    moment: .lastWeek)
            ], all: CountedLink(Phrase("person-all"), count: 2, path: "/tickets?query=from:karl.weber@post.example")),
        history: [
            HistoryLine(what: Phrase("event-ticket-opened"), who: nil, moment: .yesterday),
            HistoryLine(what: Phrase("event-owner-changed", "Ana"), who: "Ana", moment: .anHourAgo),
            HistoryLine(
                what: Phrase("event-state-changed", .phrase(Phrase("ticket-state-open"))), who: "Ana",
                moment: .anHourAgo),
        ])
}

extension Composer {
    static let sample = Composer(
        savePath: "/drafts/7", sendPath: "/drafts/7/sending", attachPath: "/drafts/7/attachments",
        discard: Action("/drafts/7/discarding"), version: "3", to: Field("Karl Weber <karl.weber@post.example>"),
        cc: Field("lena@", problem: Phrase("draft-recipient-invalid", "lena@")),
        subject: Field("Re: Foto meines Großvaters"), text: Field("Guten Tag Herr Weber,\n\ndann ist es frei."),
        language: "de", problem: nil,
        attachments: [
            AttachmentLine(
                name: "Anleitung.pdf", size: "120 kB", kind: .verbatim("PDF"), path: "/a/2", previewPath: nil,
                remove: Action("/a/2/removal"))
        ], signature: "Ana Sousa\nVolunteer", quote: "> Das war unser Onkel Fritz",
        send: Phrase("composer-send", "Karl Weber"),
        saved: Phrase("composer-saved-at", "10:44"), warning: Phrase("composer-newcomer"))
}

extension TicketProperties {
    static let sample = TicketProperties(
        state: ChoiceForm(
            path: "/tickets/172/state",
            choices: ["new", "open", "waiting", "answered", "closed", "junk"].map {
                Choice($0, Phrase("ticket-state-\($0)"), isSelected: $0 == "open")
            }, problem: nil),
        owner: ChoiceForm(
            path: "/tickets/172/owner",
            choices: [Choice("", Phrase("ticket-list-nobody")), Choice("1", .verbatim("Ana"), isSelected: true)],
            problem: nil),
        queue: ChoiceForm(
            path: "/tickets/172/queue", choices: [Choice("1", .verbatim("info-de"), isSelected: true)], problem: nil),
        priority: ChoiceForm(
            path: "/tickets/172/priority",
            choices: ["low", "normal", "high", "urgent"].map {
                Choice($0, Phrase("ticket-priority-\($0)"), isSelected: $0 == "normal")
            }, problem: Phrase("error-conflict")),
        language: ChoiceForm(
            path: "/tickets/172/language", choices: [Choice("de", .verbatim("German"), isSelected: true)], problem: nil),
        tags: TagForm(
            path: "/tickets/172/tags", value: "photos, family",
            tags: [CountedLink(.verbatim("photos"), count: 4, path: "/tickets?query=tag:photos")], problem: nil))
}
