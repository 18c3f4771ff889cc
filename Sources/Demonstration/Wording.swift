import Base
import Foundation

/// Fills the hand-written texts: names, places, years, greetings.
struct Wording: Sendable {
    let material: Material
    let person: Correspondent
    private let slots: [String: String]

    private static let domains = [
        "mail.example", "post.example", "letters.example", "inbox.example", "webmail.example",
    ]

    /// `domain` is where the person's address is; their own when nil.
    init(_ material: Material, domain: String? = nil, chance: inout Chance) {
        self.material = material
        let given = Self.split(chance.pick(material.given))
        let family = Self.split(chance.pick(material.family))
        let parts = material.familyFirst == true ? [family.shown, given.shown] : [given.shown, family.shown]
        // Who has the same name is the same person, with earlier tickets.
        let sum = (given.latin + family.latin).utf8.reduce(0) { $0 + Int($1) }
        let own = Self.domains[sum % Self.domains.count]
        person = Correspondent(
            name: parts.joined(separator: material.separator),
            address: "\(given.latin).\(family.latin)@\(domain ?? own)")
        slots = [
            "article": chance.pick(material.articles), "place": chance.pick(material.places),
            "year": String(chance.number(1871...1994)), "name": person.name,
        ]
    }

    func filled(_ text: String, subject: String = "") -> String {
        var filled = text.replacing("{subject}", with: subject)
        for (slot, value) in slots { filled = filled.replacing("{\(slot)}", with: value) }
        return filled
    }

    /// A mail of the person: greeting, words, perhaps one more sentence, name.
    func fromPerson(_ text: String, isFirst: Bool, chance: inout Chance) -> String {
        var body = filled(text)
        if isFirst, chance.happens(55) { body += "\n\n" + filled(chance.pick(material.details)) }
        let greeting = isFirst ? chance.pick(material.hello) + "\n\n" : ""
        return greeting + body + "\n\n" + chance.pick(material.bye) + "\n" + person.name
    }

    /// An answer of the desk; its signature comes from the queue.
    func fromDesk(_ text: String) -> String {
        filled(material.helloNamed) + "\n\n" + filled(text) + "\n\n" + material.byeDesk
    }

    private static func split(_ name: String) -> (shown: String, latin: String) {
        let parts = name.split(separator: "|").map(String.init)
        let shown = parts.first ?? name
        let plain = (parts.last ?? name).folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        return (shown, String(plain.lowercased().unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic }))
    }
}
