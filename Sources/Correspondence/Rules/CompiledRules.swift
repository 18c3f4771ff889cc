import Base
import Foundation

/// Rules made ready for one mail after the other: their words are numbers, so that a rule whose words are not in a mail
/// costs a look into a set. Made once for each state of the rules.
struct CompiledRules: Sendable {
    struct Line: Sendable {
        var place: RuleCondition.Place
        var header: String
        var alternatives: [Alternative]
    }

    struct Alternative: Sendable {
        var phrases: [[CompiledElement]]
        var wholes: [Glob]
    }

    struct Entry: Sendable {
        var rule: Rule
        var all: [Line]
        var any: [Line]
        var none: [Line]
    }

    private(set) var entries: [Entry] = []
    private(set) var vocabulary: [String: Int32] = [:]
    /// Whether a rule asks for headers, which must be read from the original.
    let asksForHeaders: Bool

    /// In the order they are given. A rule that cannot be read any more is left out.
    init(_ rules: [Rule]) {
        asksForHeaders = rules.contains { $0.body.conditions.contains { $0.place == .header } }
        for rule in rules {
            var entry = Entry(rule: rule, all: [], any: [], none: [])
            var isWhole = true
            for condition in rule.body.conditions {
                guard let line = compile(condition) else {
                    isWhole = false
                    continue
                }
                switch condition.group {
                case .all: entry.all.append(line)
                case .any: entry.any.append(line)
                case .none: entry.none.append(line)
                }
            }
            if isWhole { entries.append(entry) }
        }
    }

    private mutating func compile(_ condition: RuleCondition) -> Line? {
        guard let words = try? condition.compiled() else { return nil }
        let alternatives = words.alternatives.map { alternative in
            Alternative(phrases: alternative.phrases.map { $0.map { number($0) } }, wholes: alternative.wholes)
        }
        return Line(place: condition.place, header: words.header, alternatives: alternatives)
    }

    private mutating func number(_ element: RuleWords.Element) -> CompiledElement {
        switch element {
        case .prefix(let text): return .prefix(text)
        case .glob(let glob): return .glob(glob)
        case .term(let term):
            let number = vocabulary[term] ?? Int32(vocabulary.count)
            vocabulary[term] = number
            return .term(number)
        }
    }

    // MARK: - Matching

    /// Whether a rule fits. `hours` are those of the mail's queue, `zone` where it has none.
    func matches(_ entry: Entry, _ mail: RuleMail, hours: BusinessHours?, zone: TimeZone) -> Bool {
        let body = entry.rule.body
        guard body.occasion == .every || mail.isNew,
            body.sender.map({ ($0 == .known) == mail.isKnownSender }) ?? true,
            body.files.map({ ($0 == .with) == !(mail.wholes[.file] ?? []).isEmpty }) ?? true
        else { return false }
        let isOneOfAny = entry.any.isEmpty || entry.any.contains { holds($0, mail) }
        guard isOneOfAny, entry.all.allSatisfy({ holds($0, mail) }), !entry.none.contains(where: { holds($0, mail) })
        else { return false }
        return !body.asksForTime || RuleTime(body).holds(at: mail.at, hours: hours, zone: zone)
    }

    private func holds(_ line: Line, _ mail: RuleMail) -> Bool {
        switch line.place {
        case .words: return holds(line, mail, in: [.subject, .text])
        case .header: return holdsHeader(line, mail)
        case .tag: return holds(line, oneOf: mail.tags)
        case .language:
            let code = (mail.language ?? "").lowercased()
            return holds(line, oneOf: [code, String(code.prefix { $0 != "-" })])
        case .subject, .text, .sender, .recipient, .file: return holds(line, mail, in: [line.place])
        }
    }

    private func holds(_ line: Line, oneOf values: [String]) -> Bool {
        line.alternatives.contains { each in each.wholes.allSatisfy { values.contains(where: $0.matches) } }
    }

    private func holds(_ line: Line, _ mail: RuleMail, in places: [RuleCondition.Place]) -> Bool {
        line.alternatives.contains { alternative in
            alternative.wholes.allSatisfy { glob in (mail.wholes[line.place] ?? []).contains(where: glob.matches) }
                && alternative.phrases.allSatisfy { phrase in
                    places.contains { mail.fields[$0]?.contains(phrase) ?? false }
                }
        }
    }

    /// A header's words are looked for in each of its values; no words: it must be there.
    private func holdsHeader(_ line: Line, _ mail: RuleMail) -> Bool {
        mail.headers.filter { $0.name == line.header }.contains { header in
            guard !line.alternatives.isEmpty else { return true }
            let field = TermField(header.value, vocabulary: vocabulary)
            return line.alternatives.contains { alternative in
                alternative.wholes.allSatisfy { $0.matches(header.value) }
                    && alternative.phrases.allSatisfy { field.contains($0) }
            }
        }
    }
}

/// When a rule holds.
struct RuleTime {
    let body: RuleBody

    init(_ body: RuleBody) { self.body = body }

    func holds(at moment: Milliseconds, hours: BusinessHours?, zone: TimeZone) -> Bool {
        if let asked = body.hours, (hours ?? .always).isOpen(at: moment) != (asked == .open) { return false }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = hours?.zone ?? zone
        let date = Date(timeIntervalSince1970: Double(moment) / 1000)
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        // Sunday is 1 for the calendar, 7 here.
        let weekday = ((parts.weekday ?? 1) + 5) % 7 + 1
        guard body.weekdays.isEmpty || body.weekdays.contains(weekday) else { return false }
        guard let from = body.from, let to = body.to else { return true }
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        return from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    }
}
