import Base
import Foundation

/// A JSON object that was sent. Unknown members are refused where they would be dropped in silence.
struct APIInput: Sendable {
    static let known: Set<String> = [
        "queue", "to", "cc", "subject", "text", "state", "owner", "priority", "tags", "version", "from", "signature",
        "then", "ticketVersion", "at", "manner", "close", "outcome", "snoozedUntil", "language", "addTags",
        "removeTags", "because",
        "into", "messages", "kind", "ticket", "tickets", "url", "name", "query", "sort", "shared", "change", "except",
        "kinds", "ids", "ways", "digestHour", "hidesReading", "channel", "incoming", "address", "filename",
        "contentType", "content", "passage", "attachment", "reason", "on", "zone", "week", "holidays", "day", "date",
        "joins", "told", "expires", "speakers", "differs", "everybody", "line", "label", "end", "decision", "email",
        "open", "title", "intro", "member", "team", "lead", "rights", "note", "topic", "audience", "paragraph", "draft",
        "value", "time",
        "occasion", "conditions", "group", "place", "words", "sender", "attachments", "hours", "weekdays",
        "notify", "notifyTeams", "acknowledge", "stops", "snooze", "toMe", "items", "blocks", "checklist", "macro",
        "ticked", "before", "proposal",
        "teams", "reviewer", "number", "send", "comment", "why",
        "letterName", "languages", "awayFrom", "awayUntil",
        "fields", "publishAt", "embargoUntil", "reviewAt", "cause",
    ]
    private let members: [String: JSONValue]

    init() { members = [:] }

    /// No body is an object without members.
    init(_ bytes: [UInt8]) throws(Failure) {
        if bytes.isEmpty {
            self.init()
            return
        }
        guard let value = try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes)) else {
            throw Failure(.invalid, "error-invalid", details: "no JSON object")
        }
        try self.init(value)
    }

    private init(_ value: [String: JSONValue]) throws(Failure) {
        guard Set(value.keys).isSubset(of: Self.known) else {
            throw Failure(.invalid, "error-invalid", details: "unknown member")
        }
        members = value
    }

    /// Nil when it was not sent or is null.
    private func given(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// An object inside; nil when it was not sent.
    func object(_ name: String) throws(Failure) -> APIInput? {
        guard let value = members[name] else { return nil }
        guard case .object(let inner) = value else { throw Self.wrong(name) }
        return try APIInput(inner)
    }

    /// Objects in a list; none when it was not sent.
    func objects(_ name: String) throws(Failure) -> [APIInput] { try optionalObjects(name) ?? [] }

    /// nil when it was not sent or is null; anything but a text is invalid.
    func optionalText(_ name: String) throws(Failure) -> String? {
        guard let value = given(name) else { return nil }
        guard case .text(let text) = value else { throw Self.wrong(name) }
        return text
    }

    func optionalInt(_ name: String) throws(Failure) -> Int? {
        guard let value = given(name) else { return nil }
        guard case .number(let number) = value else { throw Self.wrong(name) }
        return number
    }

    func optionalTexts(_ name: String) throws(Failure) -> [String]? {
        guard let value = given(name) else { return nil }
        guard let texts = value.texts else { throw Self.wrong(name) }
        return texts
    }

    func optionalBool(_ name: String) throws(Failure) -> Bool? {
        guard let value = given(name) else { return nil }
        guard case .truth(let truth) = value else { throw Self.wrong(name) }
        return truth
    }

    func optionalObjects(_ name: String) throws(Failure) -> [APIInput]? {
        guard let value = given(name) else { return nil }
        guard case .list(let list) = value else { throw Self.wrong(name) }
        var inputs: [APIInput] = []
        for each in list {
            guard case .object(let inner) = each else { throw Self.wrong(name) }
            inputs.append(try APIInput(inner))
        }
        return inputs
    }

    /// An object of texts, whatever its members are called.
    func optionalMap(_ name: String) throws(Failure) -> [String: String]? {
        guard let value = given(name) else { return nil }
        guard case .object(let inner) = value else { throw Self.wrong(name) }
        var map: [String: String] = [:]
        for (key, value) in inner {
            guard case .text(let text) = value else { throw Self.wrong(name) }
            map[key] = text
        }
        return map
    }

    private static func wrong(_ name: String) -> Failure {
        Failure(.invalid, "error-invalid", details: "\(name) has another type")
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func optionalInts(_ name: String) throws(Failure) -> [Int]? {
        guard let value = given(name) else { return nil }
        guard case .list(let list) = value else { throw Self.wrong(name) }
        var numbers: [Int] = []
        for case .number(let number) in list { numbers.append(number) }
        guard numbers.count == list.count else { throw Self.wrong(name) }
        return numbers
    }

    func requireText(_ name: String) throws(Failure) -> String {
        guard let text = try optionalText(name) else {
            throw Failure(.invalid, "error-invalid", details: "\(name) is missing")
        }
        return text
    }
}

/// JSON as it was sent. Truths are no numbers, which Foundation's own objects do not tell apart.
enum JSONValue: Sendable, Equatable, Decodable {
    case null
    case truth(Bool)
    case number(Int)
    case fraction(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let truth = try? value.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let fraction = try? value.decode(Double.self) {
            self = .fraction(fraction)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    /// Nil unless it is a list of texts.
    var texts: [String]? {
        guard case .list(let list) = self else { return nil }
        var texts: [String] = []
        for each in list {
            guard case .text(let text) = each else { return nil }
            texts.append(text)
        }
        return texts
    }
}
