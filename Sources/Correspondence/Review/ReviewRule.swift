import Base
import People
import Storage
import Text

/// What a queue asks for before a reply leaves.
package struct ReviewRule: Sendable, Equatable {
    /// Every reply.
    package var needsAll = false
    /// Replies in these languages.
    package var languages: [String] = []
    /// Replies on tickets with one of these labels or tags.
    package var labels: [String] = []
    /// Of the others, how many in a hundred are drawn after they were sent.
    package var samplePercent = 0
    /// How long each circle of reviewers has.
    package var dueMinutes = 24 * 60
    /// How many replies in training must be approved without return before the lead decides.
    package var trainingCount = 10

    package init() {}

    /// Throws `invalid` for numbers that mean nothing.
    package func validate() throws(Failure) {
        guard (0...100).contains(samplePercent), (5...43_200).contains(dueMinutes), (1...500).contains(trainingCount),
            labels.count <= 50, labels.allSatisfy({ (1...60).contains($0.count) })
        else { throw Failure(.invalid, "review-setting-invalid") }
    }
}

/// The tables `review_setting` and `trainee`, and who may review.
package struct ReviewRules: Sendable {
    let members: MemberStore
    let events: EventStore

    package init(members: MemberStore, events: EventStore) {
        self.members = members
        self.events = events
    }

    package func rule(of queue: ID, in db: any Connection) throws -> ReviewRule {
        guard let row = try db.first("SELECT * FROM review_setting WHERE queue_id = \(queue)") else {
            return ReviewRule()
        }
        var rule = ReviewRule()
        rule.needsAll = try row.bool("needs_all")
        rule.languages = try row.text("languages").split(separator: ",").map(String.init)
        rule.labels = try row.text("labels").split(separator: ",").map(String.init)
        rule.samplePercent = Int(try row.int("sample_percent"))
        rule.dueMinutes = Int(try row.int("due_minutes"))
        rule.trainingCount = Int(try row.int("training_count"))
        return rule
    }

    /// Refused where nobody could fulfil it: nobody approves their own, so it takes two in every language.
    package func set(
        _ rule: ReviewRule, of queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        try rule.validate()
        if let fault = try faults(of: rule, queue: queue, in: db).first { throw fault }
        try db.execute("DELETE FROM review_setting WHERE queue_id = \(queue)")
        try db.execute(
            """
            INSERT INTO review_setting (queue_id, needs_all, languages, labels, sample_percent, due_minutes,
                training_count)
            VALUES (\(queue), \(rule.needsAll), \(rule.languages.joined(separator: ",")),
                \(rule.labels.joined(separator: ",")), \(rule.samplePercent), \(rule.dueMinutes),
                \(rule.trainingCount))
            """)
        let data = ["all": rule.needsAll ? "yes" : "no", "languages": String(rule.languages.count)]
        try events.add(
            Event("review-rule-changed", actor: viewer.memberID, queue: queue, data: data), at: at, in: db)
    }

    /// What no two people can fulfil: nobody approves their own. `without` counts as gone.
    package func faults(
        of rule: ReviewRule, queue: ID, without gone: ID? = nil, in db: any Connection
    ) throws -> [Failure] {
        var faults: [Failure] = []
        let all = try reviewers(of: queue, language: nil, in: db).filter { $0.id != gone }
        if rule.needsAll || !rule.labels.isEmpty, all.count < 2 {
            faults.append(Failure(.refused, "review-rule-too-few"))
        }
        let known = try languages(of: all.map(\.id), in: db)
        for language in rule.languages
        where all.count(where: { known[$0.id]?.contains(Self.base(language)) ?? false }) < 2 {
            faults.append(Failure(.refused, "review-rule-too-few-language", arguments: [language]))
        }
        return faults
    }

    /// Languages for which a rule could be made here: two or more who may approve said that they know them.
    package func reviewable(queue: ID, in db: any Connection) throws -> [String] {
        let all = try reviewers(of: queue, language: nil, in: db)
        let known = try languages(of: all.map(\.id), in: db).values.flatMap { $0 }
        return Dictionary(grouping: known) { $0 }.filter { $0.value.count >= 2 }.keys.sorted()
    }

    /// Labels and tags, in lower case, for which this queue asks for a review.
    static func riskTags(of queue: ID, in db: any Connection) throws -> Set<String> {
        let row = try db.first("SELECT labels FROM review_setting WHERE queue_id = \(queue)")
        return Set(try row?.text("labels").lowercased().split(separator: ",").map(String.init) ?? [])
    }

    // MARK: - Who reviews

    /// Members who may approve here and are not in training themselves; with a language, those who know it, or said of
    /// no language that they know it.
    package func reviewers(of queue: ID, language: String?, in db: any Connection) throws -> [Member] {
        let training = Set(
            try db.rows("SELECT member_id FROM trainee WHERE queue_id = \(queue) AND freed_at IS NULL").map {
                try $0.int("member_id")
            })
        let all = try members.members(with: .approve, queue: queue, in: db).filter { !training.contains($0.id) }
        guard let language else { return all }
        let known = try languages(of: all.map(\.id), in: db)
        return all.filter { known[$0.id]?.contains(Self.base(language)) ?? true }
    }

    private func languages(of members: [ID], in db: any Connection) throws -> [ID: Set<String>] {
        var known: [ID: Set<String>] = [:]
        let rows = try db.rows("SELECT member_id, language FROM member_language WHERE member_id IN \(list: members)")
        for row in rows { known[try row.int("member_id"), default: []].insert(Self.base(try row.text("language"))) }
        return known
    }

    static func base(_ language: String) -> String { String(language.prefix { $0 != "-" }) }

    // MARK: - What needs a review

    /// Why a reply of this member needs a review; none when it may go. The language is the ticket's, and what the text
    /// is written in.
    func reasons(
        for sender: ID, ticket: Ticket, text: String = "", in db: any Connection
    ) throws -> [Review.Reason] {
        let labels = try db.rows(
            """
            SELECT label AS name FROM ticket_label WHERE ticket_id = \(ticket.id)
            UNION SELECT tag FROM ticket_tag WHERE ticket_id = \(ticket.id)
            """
        ).map { try $0.text("name") }
        let written = LanguageDetector.detect(text, prior: ticket.language)
        return try reasons(
            for: sender, queue: ticket.queue, languages: [ticket.language, written].compactMap { $0 }, labels: labels,
            in: db)
    }

    func reasons(
        for sender: ID, queue: ID, languages: [String], labels: [String], in db: any Connection
    ) throws -> [Review.Reason] {
        let rule = try rule(of: queue, in: db)
        var reasons: [Review.Reason] = []
        if try isTrainee(sender, queue: queue, in: db) { reasons.append(.trainee) }
        let risky = Set(rule.labels.map { $0.lowercased() })
        if labels.contains(where: { risky.contains($0.lowercased()) }) { reasons.append(.label) }
        let chosen = Set(rule.languages.map(Self.base))
        let isChosen = languages.contains { chosen.contains(Self.base($0)) }
        if rule.needsAll || isChosen { reasons.append(.queue) }
        return reasons
    }
}
