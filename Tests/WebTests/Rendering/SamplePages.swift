import Testing

@testable import Correspondence
@testable import People
@testable import Web

extension QueueForm {
    static let sample = QueueForm(
        path: "/queues", isNew: true, name: Field("info-de", problem: Phrase("queue-name-taken")),
        displayName: Field("Hilfe"), addresses: Field("info-de@desk.example\nhilfe@desk.example"), isShadow: true,
        isList: false, isConfidential: false, usesPlus: true, problem: nil, cancelPath: nil)
}

extension QueueListPage {
    static let sample = QueueListPage(
        queues: [
            QueueRow(
                name: "info-de",
                tickets: CountedLink(Phrase("queue-open"), count: 61, path: "/tickets?query=queue:info-de"),
                addresses: ["info-de@desk.example", "hilfe@desk.example"], isShadow: false, isConfidential: false,
                isList: true, acknowledges: true, editPath: "/queues/1"),
            QueueRow(
                name: "legal", tickets: nil, addresses: ["legal@desk.example"], isShadow: true, isConfidential: true,
                isList: false, acknowledges: false, editPath: "/queues/2"),
        ], form: .sample)
}

extension QueuePage {
    static let sample = QueuePage(
        name: "info-de",
        tabs: [
            Tab(Phrase("queue-tab-settings"), "/queues/1", isCurrent: true),
            Tab(Phrase("queue-tab-rights"), "/queues/1/rights"),
        ],
        form: QueueForm(
            path: "/queues/1", isNew: false, name: Field("info-de"), displayName: Field("Hilfe"),
            addresses: Field("info-de@desk.example"), isShadow: false, isList: false, isConfidential: true,
            usesPlus: true, problem: Phrase("queue-open-refused"), cancelPath: "/queues"))
}

extension NewTicketPage {
    static let sample = NewTicketPage(
        path: "/tickets", cancelPath: "/tickets", queues: [Choice("1", .verbatim("info-de"), isSelected: true)],
        to: Field("lena@", problem: Phrase("draft-recipient-invalid", "lena@")), cc: Field(), subject: Field("Treffen"),
        text: Field("", problem: Phrase("draft-empty")), problem: nil, warning: Phrase("composer-shadow"))
}

extension CarePage {
    static let sample = CarePage(
        mails: [
            MailInCare(
                subject: "Re: Foto meines Großvaters", recipient: "karl.weber@post.example", ticketPath: "/tickets/172",
                delivery: .doubt, moment: .anHourAgo),
            MailInCare(
                subject: "Re: Frage", recipient: "lena@weber.example", ticketPath: "/tickets/45", delivery: .failed,
                moment: .yesterday),
        ],
        jobs: [
            DeadJob(
                id: "114928", kind: "filing", attempts: 8, detail: "parser: killed after 5 s of CPU",
                moment: .yesterday,
                retry: Action("/care/jobs/1/retry"), drop: Action("/care/jobs/1/drop"))
        ],
        checks: [
            Check(.fine, Phrase("check-database-fine", "SQLite")),
            Check(.warning, Phrase("check-queues-none"), advice: Phrase("check-queues-advice")),
        ], checkAgain: Action("/care/checks"), isFine: false)
}

extension ErrorPage {
    static let samples: [(String, ErrorPage)] = [
        ("error-404", .notFound(homePath: "/tickets")),
        ("error-503", .unavailable(homePath: "/tickets", reference: "k7f2")),
        ("error-422", .refused(Phrase("error-too-large"), homePath: "/tickets")),
        ("error-500", .failed(homePath: "/tickets", reference: "k7f3")),
    ]
}

/// All pages with what a test calls them.
struct SamplePage: Sendable, CustomTestStringConvertible {
    let name: String
    let page: any Page
    var testDescription: String { name }

    static let all: [SamplePage] =
        [
            SamplePage(name: "ticket-list", page: TicketListPage.sample),
            SamplePage(name: "ticket-list-empty", page: TicketListPage.empty),
            SamplePage(name: "ticket", page: TicketPage.sample),
            SamplePage(name: "ticket-aids", page: TicketPage.withAids),
            SamplePage(name: "rule-list", page: RuleListPage.sample),
            SamplePage(name: "new-ticket", page: NewTicketPage.sample),
            SamplePage(name: "search", page: SearchPage.sample),
            SamplePage(name: "care", page: CarePage.sample),
            SamplePage(name: "queue-list", page: QueueListPage.sample),
            SamplePage(name: "queue", page: QueuePage.sample),
        ] + AccountSamples.all + writing + knowledge + ErrorPage.samples.map { SamplePage(name: $0.0, page: $0.1) }
}
