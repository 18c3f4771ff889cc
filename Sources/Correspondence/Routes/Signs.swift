import Base
import Foundation
import Text
import Web

/// How values of tickets are shown to one reader.
struct Signs: Sendable {
    static let priorities = ["low", "normal", "high", "urgent"]

    let language: String
    let zone: TimeZone
    let now: Milliseconds
    /// How answers quote; nil where nothing is written.
    var quotation: Quotation?

    func state(_ state: TicketState) -> StateSign { StateSign(StateSign.Name(rawValue: state.rawValue) ?? .open) }

    func language(_ code: String?) -> LanguageSign? {
        code.map { LanguageSign(code: $0, name: LanguageNames.name(of: $0, in: language)) }
    }

    func moment(_ time: Milliseconds) -> Moment {
        Moment(
            age: Moment.age(of: time, at: now), exact: DateText.exact(time, language: language, zone: zone.identifier),
            machine: ISO8601.string(time))
    }

    /// `2.4 MB`: powers of ten, as file managers show them.
    func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<1_000_000: "\(bytes / 1000) kB"
        default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
        }
    }

    func kind(_ contentType: String) -> Phrase {
        switch contentType {
        case "application/pdf": .verbatim("PDF")
        case "text/calendar": Phrase("attachment-kind-calendar")
        case "message/rfc822": Phrase("attachment-kind-message")
        case _ where contentType.hasPrefix("image/"): Phrase("attachment-kind-image")
        default: .verbatim(contentType)
        }
    }
}
