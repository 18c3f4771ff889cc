import Base
import Foundation

/// A JSON object that was sent. Unknown members are refused where they would be dropped in silence.
struct APIInput: @unchecked Sendable {
    // @unchecked: the dictionary holds Foundation's immutable JSON values and is never changed.
    private static let known: Set<String> = [
        "queue", "to", "cc", "subject", "text", "state", "owner", "priority", "tags", "version", "from", "signature",
        "then", "ticketVersion", "at", "manner", "close", "outcome", "snoozedUntil", "language", "addTags",
        "removeTags",
        "into", "messages", "kind", "ticket", "tickets", "url", "name", "query", "sort", "shared", "change", "except",
        "kinds", "ids", "ways", "digestHour", "hidesReading", "channel", "incoming", "address", "filename",
        "contentType", "content", "passage", "attachment", "reason", "on", "zone", "week", "holidays", "day", "date",
        "open", "joins", "told", "expires", "speakers", "differs", "everybody", "title", "intro", "member", "team",
        "lead", "rights",
    ]
    private let members: [String: Any]

    init() { members = [:] }

    /// No body is an object without members.
    init(_ bytes: [UInt8]) throws(Failure) {
        if bytes.isEmpty {
            self.init()
            return
        }
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw Failure(.invalid, "error-invalid", details: "no JSON object")
        }
        try self.init(value)
    }

    private init(_ value: [String: Any]) throws(Failure) {
        guard Set(value.keys).isSubset(of: Self.known) else {
            throw Failure(.invalid, "error-invalid", details: "unknown member")
        }
        members = value
    }

    /// An object inside; nil when it was not sent.
    func object(_ name: String) throws(Failure) -> APIInput? {
        guard let value = members[name] else { return nil }
        guard let inner = value as? [String: Any] else { throw Self.wrong(name) }
        return try APIInput(inner)
    }

    /// nil when it was not sent or is null; anything but a text is invalid.
    func optionalText(_ name: String) throws(Failure) -> String? {
        guard let value = members[name], !(value is NSNull) else { return nil }
        guard let text = value as? String else { throw Self.wrong(name) }
        return text
    }

    func optionalInt(_ name: String) throws(Failure) -> Int? {
        guard let value = members[name] else { return nil }
        guard let number = value as? Int, !(value is Bool) else { throw Self.wrong(name) }
        return number
    }

    func optionalTexts(_ name: String) throws(Failure) -> [String]? {
        guard let value = members[name] else { return nil }
        guard let texts = value as? [String] else { throw Self.wrong(name) }
        return texts
    }

    func optionalBool(_ name: String) throws(Failure) -> Bool? {
        guard let value = members[name], !(value is NSNull) else { return nil }
        guard let truth = value as? Bool else { throw Self.wrong(name) }
        return truth
    }

    func optionalObjects(_ name: String) throws(Failure) -> [APIInput]? {
        guard let value = members[name], !(value is NSNull) else { return nil }
        guard let list = value as? [[String: Any]] else { throw Self.wrong(name) }
        var inputs: [APIInput] = []
        for each in list { inputs.append(try APIInput(each)) }
        return inputs
    }

    /// An object of texts, whatever its members are called.
    func optionalMap(_ name: String) throws(Failure) -> [String: String]? {
        guard let value = members[name], !(value is NSNull) else { return nil }
        guard let map = value as? [String: String] else { throw Self.wrong(name) }
        return map
    }

    private static func wrong(_ name: String) -> Failure {
        Failure(.invalid, "error-invalid", details: "\(name) has another type")
    }

    func has(_ name: String) -> Bool { members[name] != nil }
    func text(_ name: String) -> String? { members[name] as? String }
    func int(_ name: String) -> Int? { members[name] as? Int }
    func bool(_ name: String) -> Bool? { members[name] as? Bool }
    func texts(_ name: String) -> [String]? { members[name] as? [String] }

    func requireText(_ name: String) throws(Failure) -> String {
        guard let text = text(name) else { throw Failure(.invalid, "error-invalid", details: "\(name) is missing") }
        return text
    }
}
