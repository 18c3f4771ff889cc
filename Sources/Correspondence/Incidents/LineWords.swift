import Base
import Storage

/// An agreed line as one person reads it: with their name and the number of their ticket.
struct LineWords: Sendable {
    let stores: Filing.Stores
    let greet: @Sendable (_ language: String, _ name: String) -> String?

    /// A whole letter: the line with a greeting, where it has no name of its own.
    func letter(_ line: IncidentLine, _ ticket: Ticket, to address: String, in db: any Connection) throws -> String {
        let text = try passage(line, ticket, to: address, in: db)
        guard !line.text.contains(Self.name),
            let greeting = greet(line.language, try name(of: address, ticket, in: db))
        else { return text }
        return greeting + "\n\n" + text
    }

    /// The line within a letter that somebody writes.
    func passage(_ line: IncidentLine, _ ticket: Ticket, to address: String, in db: any Connection) throws -> String {
        let text = line.text.replacing(Self.number, with: ticket.number)
        guard text.contains(Self.name) else { return text }
        return text.replacing(Self.name, with: try name(of: address, ticket, in: db))
    }

    private static let name = "{{name}}"
    private static let number = "{{number}}"

    private func name(of address: String, _ ticket: Ticket, in db: any Connection) throws -> String {
        // Who only claimed an address in a form is not written back what they typed there.
        guard try !FormStore.isUnproven(address, ticket: ticket.id, in: db) else { return "" }
        return PersonName.fit(try stores.contacts.find(address: address, in: db)?.name ?? "")
    }
}

/// A name somebody gave themselves, where it can stand in a letter that nobody reads before it leaves.
enum PersonName {
    private static let longest = 60

    /// Empty for what is no name: with links, marks of formatting, digits.
    static func fit(_ name: String) -> String {
        let isFit = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
                || scalar.properties.generalCategory == .spacingMark || " '’-‐".unicodeScalars.contains(scalar)
        }
        return isFit && name.count <= longest ? name : ""
    }
}
