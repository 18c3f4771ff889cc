import Base
import Knowledge
import Storage

/// What is sent of a text beside its words.
extension KnowledgeAPI {
    /// What is said about a text, over what is known of it. A moment that is null is taken away.
    func properties(
        _ input: APIInput, over known: TextProperties, in db: any Connection
    ) throws -> TextProperties {
        var properties = known
        if let audience = try input.optionalText("audience") {
            guard let audience = TextAudience(rawValue: audience) else { throw Failure(.invalid, "error-invalid") }
            properties.audience = audience
        }
        properties.topic = try input.optionalText("topic") ?? known.topic
        properties.tags = try input.optionalTexts("tags") ?? known.tags
        if let owner = try input.optionalText("owner") {
            guard let member = try ID(owner).flatMap({ try library.members.find($0, in: db) }), !member.isDisabled
            else { throw Failure(.invalid, "error-invalid", details: "owner is no member") }
            properties.owner = member.id
        }
        if input.has("embargoUntil") { properties.embargoUntil = try Self.moment("embargoUntil", input) }
        if input.has("reviewAt") { properties.reviewAt = try Self.moment("reviewAt", input) }
        return properties
    }

    /// Nil when it was not sent or is null.
    static func moment(_ name: String, _ input: APIInput) throws -> Milliseconds? {
        guard let text = try input.optionalText(name) else { return nil }
        guard let time = APIRoutes.time(text), time >= 0 else {
            throw Failure(.invalid, "error-invalid", details: "\(name) is no time")
        }
        return time
    }

    /// Fields of this kind over those it has; nil when none was sent. `value` alone is short for that of a key figure.
    static func fields(
        _ input: APIInput, over known: [String: String], _ kind: TextKind
    ) throws -> [String: String]? {
        var sent = try input.optionalMap("fields")
        if let value = try input.optionalText("value") { sent = (sent ?? [:]).merging(["value": value]) { $1 } }
        guard let sent else { return nil }
        var fields = known
        for (name, value) in sent {
            guard let field = TextField(rawValue: name), kind.fields.contains(field) else {
                throw Failure(.invalid, "error-invalid", details: "no such field of this kind of text")
            }
            fields[name] = value
        }
        return fields
    }
}
