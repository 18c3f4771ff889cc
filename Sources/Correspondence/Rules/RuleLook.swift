import Base
import Foundation
import Mail
import Text

/// What rules would say of a mail that was just read, without a database: for `liaison inspect rules` and its measure.
package struct RuleLook: Sendable {
    /// A rule as a file holds it.
    package struct Line: Decodable, Sendable {
        var name: String
        var conditions: [RuleCondition]

        /// For all queues, with a tag as its effect.
        package func rule(adding tag: String) -> Rule {
            var change = TicketChange()
            change.addTags = [tag]
            let body = RuleBody(occasion: .every, conditions: conditions, change: change)
            return Rule(id: 0, queue: nil, place: 0, name: name, body: body, isOn: true, version: 0, changedAt: 0)
        }
    }

    private let compiled: CompiledRules
    /// What triage knows, asked too; for the measure.
    package var triage: (packs: KeywordPacks, model: LinearModel)?

    /// Throws `invalid` for a rule that cannot be read.
    package init(_ lines: [Line]) throws {
        let rules = try lines.enumerated().map { place, line in
            for condition in line.conditions { _ = try condition.compiled() }
            return Rule(
                id: ID(place + 1), queue: nil, place: place, name: line.name,
                body: RuleBody(conditions: line.conditions), isOn: true, version: 1, changedAt: 0)
        }
        compiled = CompiledRules(rules)
    }

    /// Names of the rules that fit, and how long the processor took to take the words apart and to ask all rules (and
    /// what triage knows): other work on the machine does not count.
    package func look(at parsed: ParsedMessage, raw: [UInt8]) -> (fits: [String], microseconds: Double) {
        let from = parsed.from.first
        let message = Message(
            id: 1, ticket: 1, raw: nil, direction: .incoming, kind: parsed.kind.rawValue, author: nil,
            fromName: from?.name ?? "", fromAddress: from?.address ?? "", subject: parsed.subject, headerID: "",
            sentAt: 0, createdAt: 0, language: parsed.language, text: parsed.text, newText: parsed.newText,
            hasHTML: false, problems: [], copies: 1, isNewcomer: false)
        let began = Self.processorTime()
        let parts = RuleMail.Parts(
            message: message, isNew: true, queue: 0, tags: [], language: parsed.language, isKnownSender: false,
            recipients: (parsed.to + parsed.cc).map { MessageAddress(role: .to, name: $0.name, address: $0.address) },
            files: parsed.attachments.map(\.filename),
            headers: compiled.asksForHeaders ? RuleMail.headers(of: raw) : [])
        let mail = RuleMail(parts, vocabulary: compiled.vocabulary)
        let fits = compiled.entries.filter { compiled.matches($0, mail, hours: nil, zone: .gmt) }.map(\.rule.name)
        if let triage {
            let text = message.subject + "\n" + (message.newText.isEmpty ? message.text : message.newText)
            _ = triage.packs.look(at: text)
            _ = Triage.guesses(triage.model, text, Triage.Bars())
        }
        return (fits, Self.processorTime() - began)
    }

    /// Of this thread, in microseconds.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
