import Base
import Foundation
import Text
import Web

/// A date in what a person wrote that may be their deadline: proposed, never set by itself.
///
/// `NamedDate` reads it in ten languages, also what is named from when they wrote (`by Friday`, `明日中`): in the zone
/// that they name, or else that of the queue's hours.
enum DateProposal {
    static func find(in message: Message, language: String?, zone: TimeZone) -> NamedDate? {
        let text = message.newText.isEmpty ? message.text : message.newText
        // The subject is a sentence of its own, and often the one with the date.
        return NamedDate.find(
            in: message.subject + "\n\n" + text, language: message.language ?? language, sentAt: message.sentAt,
            zone: zone)
    }

    static func line(_ date: NamedDate, zone: TimeZone) -> DeadlineProposal {
        let zone = date.zone.isEmpty ? zone.identifier : date.zone
        return DeadlineProposal(
            day: date.day, time: date.time, zone: zone,
            text: Phrase("deadline-proposal", .text("\(date.day) \(date.time)"), .text(zone)))
    }
}
