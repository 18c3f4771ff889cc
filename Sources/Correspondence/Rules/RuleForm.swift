import Base
import Web

/// What the form of a rule sends: `name`, `queue`, lines `group-N` `place-N` `words-N`, `occasion`, `sender`, `files`,
/// `hours`, `weekday`…, `from`, `to`, the fields of `ChangeForm`, `notify`…, `notify-team`…, `acknowledges`, `stops`.
enum RuleForm {
    /// Lines of the form that are empty, for more conditions.
    static let spareLines = 3
    private static let mostLines = 24

    /// Throws `invalid` for times that are none.
    static func read(_ form: Form, id: ID, version: Int) throws(Failure) -> Rule {
        var body = RuleBody(occasion: RuleBody.Occasion(rawValue: form["occasion"]) ?? .opening)
        body.conditions = conditions(form)
        body.sender = RuleBody.Sender(rawValue: form["sender"])
        body.files = RuleBody.Files(rawValue: form["files"])
        body.hours = RuleBody.Hours(rawValue: form["hours"])
        body.weekdays = form.all("weekday").compactMap { Int($0) }
        body.from = ChangeWords.minute(form["from"])
        body.to = ChangeWords.minute(form["to"])
        guard (body.from == nil) == form.trimmed("from").isEmpty, (body.to == nil) == form.trimmed("to").isEmpty else {
            throw Failure(.invalid, "rule-time-invalid")
        }
        body.change = ChangeForm.read(form)
        body.notifiedMembers = form.all("notify").compactMap { ID($0) }
        body.notifiedTeams = form.all("notify-team").compactMap { ID($0) }
        body.acknowledges = form["acknowledges"].isEmpty ? nil : form["acknowledges"] == "on"
        body.stops = form.has("stops")
        return Rule(
            id: id, queue: ID(form["queue"]), place: 0, name: form.trimmed("name"), body: body, isOn: form.has("on"),
            version: version, changedAt: 0)
    }

    private static func conditions(_ form: Form) -> [RuleCondition] {
        (0..<mostLines).compactMap { index in
            let words = form.trimmed("words-\(index)")
            guard !words.isEmpty, let group = RuleCondition.Group(rawValue: form["group-\(index)"]),
                let place = RuleCondition.Place(rawValue: form["place-\(index)"])
            else { return nil }
            return RuleCondition(group, place, words)
        }
    }
}
