import Base
import Foundation
import People
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
        Moment(time, at: now, language: language, zone: zone.identifier)
    }

    func day(_ time: Milliseconds) -> String { DateText.day(time, language: language, zone: zone.identifier) }

    func shortDay(_ time: Milliseconds) -> String {
        DateText.shortDay(time, language: language, zone: zone.identifier)
    }

    /// The last day away of a colleague who is away today.
    func away(_ member: Member) -> String? {
        member.away(on: Member.day(at: now, in: zone)).flatMap { ISO8601.startOfDay($0) }
            // Noon, so that the day stays the same in the reader's zone.
            .map { DateText.day($0 + 43_200_000, language: language, zone: "UTC") }
    }

    /// Why a colleague will not do it: away, or gone for good.
    func absence(_ member: Member) -> Phrase? {
        member.isDisabled ? Phrase("owner-left") : away(member).map { Phrase("owner-away", .text($0)) }
    }

    /// With the days away beside it.
    func name(of member: Member) -> Phrase {
        if member.isDisabled { return Phrase("owner-name-left", .text(member.name)) }
        return away(member).map { Phrase("owner-name-away", .text(member.name), .text($0)) } ?? .verbatim(member.name)
    }

    func size(_ bytes: Int) -> String { SizeText.text(bytes, language: language) }

    /// What a file is, in words; `label` is what its mail told of it.
    func kind(_ contentType: String, label: String = "") -> Phrase {
        let type = contentType.lowercased()
        if type == "application/pdf" { return .verbatim("PDF") }
        if label == "tnef" { return .verbatim("TNEF (Outlook)") }
        if label == "calendar" { return Phrase("attachment-kind-calendar") }
        if label == "smime" || label == "pgp", !type.hasSuffix("-signature") {
            return .verbatim(label == "pgp" ? "PGP" : "S/MIME")
        }
        let name = Self.kinds.first { entry in
            entry.1.contains { type == $0 || ($0.hasSuffix("/") && type.hasPrefix($0)) }
        }
        return Phrase("attachment-kind-\(name?.0 ?? "file")")
    }

    /// Kind and the types of it; those that end with a slash are beginnings. The first that fits.
    private static let kinds: [(String, [String])] = [
        ("calendar", ["text/calendar"]), ("contact", ["text/vcard", "text/x-vcard"]), ("page", ["text/html"]),
        (
            "table",
            [
                "text/csv", "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ]
        ),
        ("message", ["message/"]), ("image", ["image/"]), ("audio", ["audio/"]), ("video", ["video/"]),
        ("signature", ["application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"]),
        (
            "archive",
            [
                "application/zip", "application/gzip", "application/x-tar", "application/x-7z-compressed",
                "application/x-rar-compressed", "application/vnd.rar",
            ]
        ),
        (
            "slides",
            [
                "application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.presentation",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ]
        ),
        (
            "document",
            [
                "application/msword", "application/rtf", "text/rtf", "application/vnd.oasis.opendocument.text",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ]
        ),
        ("text", ["text/"]),
    ]
}
