@testable import Correspondence
@testable import Web

extension Composer {
    /// With everything a composer may have.
    static let full: Composer = {
        var composer = Composer.sample
        composer.draft = "7"
        composer.draftVersion = "3"
        composer.writer = Phrase("composer-draft-of", "Ben Okafor")
        composer.from = [
            Choice("info-de@desk.example", .verbatim("info-de@desk.example"), isSelected: true),
            Choice("hilfe@desk.example", .verbatim("hilfe@desk.example")),
        ]
        composer.maySign = true
        composer.then = ["answered", "waiting", "closed", "open"].map {
            Choice($0, Phrase("composer-then-\($0)"), isSelected: $0 == "answered")
        }
        composer.previewPath = "/tickets/172/draft/preview"
        composer.filesHelp = Phrase("composer-files-help", .number(25))
        composer.mostFileBytes = 25_000_000
        composer.others = ReplyAll(
            question: Phrase("composer-others", "Lena Weber"), addresses: "lena@weber.example",
            path: "/tickets/172?all=1#answer")
        composer.mayRichen = true
        composer.suggestions = SuggestionBox(path: "/tickets/172/texts?draft=7")
        composer.schedule = ComposerSchedule(
            path: "/tickets/172/draft/schedule", at: "2026-11-22T09:00", zone: "Europe/Berlin")
        composer.scheduled = ComposerScheduled(
            text: Phrase("later-scheduled", "22 November 2026, 09:00"),
            cancelPath: "/tickets/172/draft/schedule/cancelling")
        return composer
    }()
}

extension SamplePage {
    private static let ticket = Link(.verbatim("#2026112100000172"), "/tickets/172")
    private static let contacts = [ContactChoice(address: "karl.weber@post.example", name: "Karl Weber")]
    private static let sending = [
        SamplePage(
            name: "draft",
            page: DraftPage(
                ticket: ticket, subject: "Foto meines Großvaters", isForward: false, last: [.message], composer: .full)),
        SamplePage(
            name: "side-by-side-held",
            page: SideBySidePage(
                ticket: ticket, subject: "Foto meines Großvaters", isCollision: false, news: [.reply], theirs: nil,
                theirTitle: nil, language: "de", text: "Guten Tag Herr Weber,", savePath: "/tickets/172/draft",
                sendPath: "/tickets/172/sending", isReview: false, keepPath: "/tickets/172",
                fields: [HiddenField(name: "version", value: "4")])),
        SamplePage(
            name: "side-by-side-collision",
            page: SideBySidePage(
                ticket: ticket, subject: "Foto meines Großvaters", isCollision: true, news: [],
                theirs: TextBlock(.words, "Sehr geehrter Herr Weber,"),
                theirTitle: Phrase("side-theirs", "Ben Okafor", "10:44"), language: "de",
                text: "Guten Tag Herr Weber,", savePath: "/tickets/172/draft", sendPath: "/tickets/172/sending",
                isReview: false, keepPath: "/tickets/172", fields: [HiddenField(name: "draft", value: "7")])),
        SamplePage(
            name: "draft-preview",
            page: DraftPreviewPage(
                ticket: ticket, from: "info-de@desk.example", to: "karl.weber@post.example", cc: "",
                subject: "Re: Foto", files: [], framePath: "/drafts/7/html", backPath: "/tickets/172#answer",
                sendPath: "/drafts/7/sending", version: "3", problem: Phrase("draft-empty"))),
    ]

    static let writing: [SamplePage] =
        sending + [
            SamplePage(
                name: "forward",
                page: ForwardPage(
                    ticket: ticket, subject: "Foto", isRedirect: false, path: "/messages/1/forwarding", to: Field(),
                    hasOriginal: true, message: [.message], version: "3",
                    problem: nil)),
            SamplePage(
                name: "redirect",
                page: ForwardPage(
                    ticket: ticket, subject: "Foto", isRedirect: true, path: "/messages/1/redirecting",
                    to: Field("info@desk.example"), hasOriginal: true, message: [.message], version: "3",
                    problem: Phrase("redirect-own", "info@desk.example"))),
            SamplePage(
                name: "copies",
                page: CopiesPage(
                    ticket: ticket, subject: "Foto",
                    copies: [
                        CopyLine(
                            moment: .yesterday, recipient: "info-de@desk.example", sender: "karl.weber@post.example",
                            way: "lmtp", path: "/deliveries/1/original")
                    ])),
            SamplePage(
                name: "print",
                page: PrintPage(
                    ticket: ticket, number: "2026112100000172", subject: "Foto meines Großvaters",
                    state: StateSign(.open), queue: "info-de", owner: "Ana", language: .german,
                    printed: "21 November 2026, 10:44", withNotes: true, otherPath: "/tickets/172/print",
                    items: [.message, .note, .answer(.delivered)])),
            SamplePage(
                name: "round",
                page: RoundPage(
                    subject: "Treffen", status: Phrase("round-state-waiting", .number(0), .number(2)),
                    undo: RoundUndo(path: "/rounds/1/undo", seconds: 8), isMoving: true, selfPath: "/rounds/1",
                    people: [
                        RoundPerson(
                            address: "karl.weber@post.example",
                            ticket: Link(.verbatim("2026112100000172"), "/tickets/172"), problem: nil, isSent: true),
                        RoundPerson(
                            address: "lena@weber.example", ticket: nil,
                            problem: Phrase("draft-recipient-invalid", "lena@weber.example"), isSent: false),
                    ])),
            SamplePage(
                name: "call",
                page: CallPage(
                    path: "/calls", ticket: nil, cancelPath: "/tickets",
                    queues: [Choice("1", .verbatim("info-de"), isSelected: true)],
                    channels: [Choice("call", Phrase("call-channel-call"), isSelected: true)], isOutgoing: false,
                    name: "Karl Weber", address: "", at: "2026-11-21T10:40", zone: "Europe/Berlin", subject: "",
                    text: "", contacts: contacts, problem: Phrase("draft-empty"))),
            SamplePage(
                name: "acknowledgements",
                page: AcknowledgementsPage(
                    queue: "info-de", path: "/queues/1/acknowledgements", backPath: "/queues/1",
                    placeholders: [
                        PlaceholderLine(
                            name: "{{waiting}}", meaning: Phrase("acknowledgements-waiting"),
                            today: "usually within 2 days")
                    ], basis: Phrase("acknowledgements-no-basis"),
                    texts: [
                        AcknowledgementForm(
                            language: "de", name: "German", subject: "Danke",
                            text: Field("{{x}}", problem: Phrase("acknowledgement-placeholder-unknown", "{{x}}")),
                            isOn: true, isOpen: true)
                    ])),
        ]
}
