import Base
import Jobs
import Storage
import Text

/// Says of each new mail what it may be about: labels, tags, a better queue, urgency, junk.
///
/// 1. Read a few messages with their tickets, the thresholds and the model in use.
/// 2. Ask the packs, the model that is shipped, and the one the team taught. Nothing is written.
/// 3. One transaction: a suggestion for what is worth saying; what reaches its threshold is done, and can be taken
///    back. The jobs end in it.
/// A second run proposes the same again, which changes nothing. Danger to life was flagged before (`DangerWatch`).
package struct Triage: Sendable {
    package static let jobName = "triage"
    /// Held-out examples a class must have before it does anything by itself.
    static let provenBy = 5

    /// Something the program thinks, in percent.
    struct Thought: Sendable, Equatable {
        var target: TriageSuggestion.Target
        var value: String
        var score: Int
        var source: TriageSuggestion.Source
        var reason: String
        var isSure: Bool
    }

    private struct Task: Sendable {
        var job: Job
        var message: Message
        var ticket: Ticket
        var queue: Queue
        var isFirst: Bool
    }

    /// What decides when something is done without a member.
    struct Bars: Sendable {
        var thresholds: [String: Int] = [:]
        var proven: Set<String> = []

        func reaches(_ score: Int, _ target: TriageSuggestion.Target, _ value: String) -> Bool {
            let key = "\(target.rawValue):\(value)"
            return score >= thresholds[key] ?? target.usualThreshold && proven.contains(key)
        }
    }

    private let database: Database
    private let stores: Filing.Stores
    private let tools: TriageTools
    private let models: ModelStore
    private let clock: Clock

    package init(database: Database, stores: Filing.Stores, tools: TriageTools, ids: IDMaker, clock: Clock) {
        self.database = database
        self.stores = stores
        self.tools = tools
        models = ModelStore(ids: ids)
        self.clock = clock
    }

    package var kind: JobKind {
        .together(Self.jobName, batch: 32, lease: 120_000, maximumAttempts: 5) { try await run($0) }
    }

    /// Mail before the newest so many is not thought about any more: for the demonstration, whose past is decided.
    package static func forgetAllBut(newest count: Int, in db: any Connection) throws {
        try db.execute(
            """
            DELETE FROM job WHERE kind = \(jobName) AND subject_id NOT IN (
                SELECT id FROM (SELECT id FROM message WHERE direction = 'in' ORDER BY sent_at DESC, id DESC
                    LIMIT \(count)) AS newest)
            """)
    }

    func run(_ jobs: [Job]) async throws {
        let (tasks, mind) = try await database.read { db -> ([Task], Mind) in
            var tasks: [Task] = []
            for job in jobs { if let task = try task(job, in: db) { tasks.append(task) } }
            return (tasks, try readMind(in: db))
        }
        let thoughts = tasks.map { ($0, Self.think(of: $0, mind)) }
        let now = clock.now()
        try await database.write { db in
            for (task, found) in thoughts {
                for thought in found { try note(thought, task, at: now, in: db) }
            }
            for job in jobs where try stores.jobs.holds(job, in: db) { try stores.jobs.finish(job, in: db) }
            if !tasks.isEmpty {
                try TriageTraining.schedule(after: TriageTraining.daily, jobs: stores.jobs, in: db)
            }
        }
    }

    private func task(_ job: Job, in db: any Connection) throws -> Task? {
        guard let message = try stores.messages.find(job.subject, in: db), message.direction == .incoming,
            let ticket = try stores.tickets.find(message.ticket, in: db), ticket.mergedInto == nil
        else { return nil }
        return Task(
            job: job, message: message, ticket: ticket, queue: try stores.queues.require(ticket.queue, in: db),
            isFirst: ticket.messageCount <= 1)
    }

    /// All that is asked about a mail.
    private struct Mind: Sendable {
        var packs: KeywordPacks
        var starting: StartingModel
        /// Labels that the team's own model knows better than the one it started with.
        var outgrown: Set<SpecialistLabel>
        var model: LinearModel?
        var bars: Bars
    }

    private func readMind(in db: any Connection) throws -> Mind {
        Mind(
            packs: tools.packs(), starting: tools.starting(), outgrown: try models.outgrown(in: db),
            model: try tools.models.model(in: db), bars: try readBars(in: db))
    }

    private func readBars(in db: any Connection) throws -> Bars {
        var bars = Bars(thresholds: try models.thresholds(in: db))
        var counts: [String: Int] = [:]
        for (target, value, _, measure) in try models.measures(in: db) {
            counts["\(target.rawValue):\(value)", default: 0] += measure.examples
        }
        bars.proven = Set(counts.filter { $0.value >= Self.provenBy }.keys)
        return bars
    }

    // MARK: - Thinking

    private static func think(of task: Task, _ mind: Mind) -> [Thought] {
        let message = task.message
        let words = message.newText.isEmpty ? message.text : message.newText
        let text = message.subject + "\n" + words
        var thoughts: [Thought] = []
        for finding in mind.packs.look(at: text) where finding.label != .danger {
            guard !thoughts.contains(where: { $0.value == finding.label.rawValue }) else { continue }
            thoughts.append(
                Thought(
                    target: .label, value: finding.label.rawValue, score: 50, source: .pack,
                    reason: "\(finding.language):\(finding.match)", isSure: false))
        }
        add(first(mind, text), to: &thoughts, of: task)
        if let model = mind.model { add(guesses(model, text, mind.bars), to: &thoughts, of: task) }
        return thoughts
    }

    /// Labels that the shipped model may think of at once. A text that speaks for more, such as words without sense in
    /// many languages, is like nothing it learned from.
    private static let mostAtOnce = 3

    /// What the model that is shipped thinks: it never does anything by itself.
    private static func first(_ mind: Mind, _ text: String) -> [Thought] {
        let found = mind.starting.look(at: text).filter { $0.percent >= 50 }
        guard found.count <= mostAtOnce else { return [] }
        return found.filter { !mind.outgrown.contains($0.label) }.map {
            Thought(
                target: .label, value: $0.label.rawValue, score: $0.percent, source: .starting, reason: "",
                isSure: false)
        }
    }

    /// All classes worth a word, the surest of a target first; at most two tags and one queue.
    static func guesses(_ model: LinearModel, _ text: String, _ bars: Bars) -> [Thought] {
        let scores = model.scores(of: text)
        let all = zip(model.classes, scores).compactMap { name, score -> Thought? in
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let target = TriageSuggestion.Target(rawValue: parts[0]) else { return nil }
            let percent = Int((score * 100).rounded(.down))
            guard percent >= target.worthSaying else { return nil }
            return Thought(
                target: target, value: parts[1], score: percent, source: .model, reason: "",
                isSure: bars.reaches(percent, target, parts[1]))
        }.sorted { ($0.score, $1.value) > ($1.score, $0.value) }
        return all.filter { thought in
            let before = all.prefix { $0 != thought }.count { $0.target == thought.target }
            switch thought.target {
            case .topic: return before < 2
            case .queue: return before < 1
            case .label, .urgency, .junk: return true
            }
        }
    }

    /// What the packs say stays; of a label the model knows too, the surer word counts.
    private static func add(_ guesses: [Thought], to thoughts: inout [Thought], of task: Task) {
        for guess in guesses where isNews(guess, task) {
            let same = thoughts.firstIndex { $0.target == guess.target && $0.value == guess.value }
            if let same {
                thoughts[same].score = max(thoughts[same].score, guess.score)
                thoughts[same].isSure = guess.isSure
                // The team's own word counts more than the one the program came with.
                if thoughts[same].source == .starting { thoughts[same].source = guess.source }
            } else {
                thoughts.append(guess)
            }
        }
    }

    /// A confidential queue is never left by a guess; queue, urgency and junk are a matter of the first mail.
    private static func isNews(_ thought: Thought, _ task: Task) -> Bool {
        switch thought.target {
        case .label: true
        case .topic: task.isFirst
        case .queue: task.isFirst && !task.queue.isConfidential && thought.value != String(task.ticket.queue)
        case .urgency: task.isFirst && task.ticket.priority < 3
        case .junk: task.isFirst && task.ticket.state == .new
        }
    }

    // MARK: - Noting

    private func note(_ thought: Thought, _ task: Task, at: Milliseconds, in db: any Connection) throws {
        let suggestions = TriageSuggestionStore(ids: stores.tickets.ids)
        let isNews = try suggestions.find(thought.target, thought.value, ticket: task.ticket.id, in: db) == nil
        try suggestions.propose(
            thought.target, thought.value, ticket: task.ticket.id, message: task.message.id, score: thought.score,
            source: thought.source, reason: thought.reason, at: at, in: db)
        if isNews, !thought.isSure,
            let found = try suggestions.find(.label, thought.value, ticket: task.ticket.id, in: db),
            found.isDanger, let ticket = try stores.tickets.find(task.ticket.id, in: db)
        {
            try DangerHint(stores: stores).raise(found.id, of: ticket, at: at, in: db)
        }
        guard thought.isSure, let ticket = try stores.tickets.find(task.ticket.id, in: db) else { return }
        let found = try suggestions.ofTicket(ticket.id, in: db).first {
            $0.target == thought.target && $0.value == thought.value && $0.state == .open
        }
        guard let found, let taken = try act(on: thought, ticket, at: at, in: db) else { return }
        try suggestions.decide(found.id, .applied, former: taken, by: nil, at: nil, in: db)
        let event = Event(
            "triage-applied", queue: ticket.queue, ticket: ticket.id, subject: found.id,
            data: ["target": thought.target.rawValue])
        try stores.events.add(event, at: at, in: db)
    }

    /// Does it in nobody's name; returns what takes it back, nil when there was nothing to do.
    private func act(
        on thought: Thought, _ ticket: Ticket, at: Milliseconds, in db: any Connection
    ) throws -> String? {
        if thought.target == .label {
            guard let label = SpecialistLabel(rawValue: thought.value) else { return nil }
            let isNew = try LabelStore().add(label, to: ticket.id, source: .model, member: nil, at: at, in: db)
            if isNew, label == .danger {
                try DangerRecord.note(ticket.id, language: ticket.language, by: .model, at: at, in: db)
                try stores.danger.raise(ticket, actor: nil, stores: stores, at: at, in: db)
            }
            return isNew ? "" : nil
        }
        if thought.target == .junk || thought.target == .queue, try LabelStore().isInDanger(ticket.id, in: db) {
            return nil
        }
        let change = try TriageChange.change(thought.target, thought.value)
        let before = change.parts(of: ticket, tags: try stores.tickets.tags(of: ticket.id, in: db))
        switch thought.target {
        case .topic:
            try stores.tickets.changeTags(add: [thought.value], remove: [], of: ticket, actor: nil, at: at, in: db)
        case .urgency: try stores.tickets.setPriority(3, of: ticket, actor: nil, at: at, in: db)
        case .junk: try stores.tickets.setState(.junk, of: ticket, actor: nil, at: at, in: db)
        case .queue:
            guard let queue = change.queue, try stores.queues.find(queue, in: db) != nil else { return nil }
            try stores.tickets.setQueue(queue, of: ticket, actor: nil, at: at, in: db)
            try stores.tickets.takeAlong(ticket.id, to: queue, in: db)
        case .label: return nil
        }
        guard let now = try stores.tickets.find(ticket.id, in: db) else { return nil }
        let after = change.parts(of: now, tags: try stores.tickets.tags(of: ticket.id, in: db))
        return before == after ? nil : try StoredJSON.text(TriageChange(former: before, later: after))
    }
}

/// What a suggestion changed, kept with it.
struct TriageChange: Sendable, Codable {
    var former: TicketChange
    var later: TicketChange

    /// The change a suggestion stands for; labels are not changes of the ticket's row.
    static func change(_ target: TriageSuggestion.Target, _ value: String) throws(Failure) -> TicketChange {
        var change = TicketChange()
        switch target {
        case .topic: change.addTags = [value]
        case .urgency: change.priority = 3
        case .junk: change.state = TicketState.junk.rawValue
        case .queue: change.queue = ID(value) ?? 0
        case .label: throw Failure(.invalid, "error-invalid")
        }
        return change
    }
}

/// What triage knows: the packs and the model in use.
package struct TriageTools: Sendable {
    package let packs: @Sendable () -> KeywordPacks
    package let cards: @Sendable () -> LabelCards
    package let models: ModelCache
    package var starting: @Sendable () -> StartingModel = { .none }
    /// The outside address for emergencies of a queue, of the organisation for queue 0; nil where none is set.
    package var emergency: @Sendable (_ queue: ID, any Connection) throws -> String? = { _, _ in nil }
    /// Of the Wikimedia movement.
    private static let usualEmergency = "emergency@wikimedia.org"

    package init(
        packs: @escaping @Sendable () -> KeywordPacks, cards: @escaping @Sendable () -> LabelCards = { .none },
        models: ModelCache
    ) {
        self.packs = packs
        self.cards = cards
        self.models = models
    }

    /// What the cards say: whoever stands outside for a queue's rota, else the movement's.
    func emergencyAddress(queue: ID, in db: any Connection) throws -> String {
        try emergency(queue, db) ?? Self.usualEmergency
    }
}
