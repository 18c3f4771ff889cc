import Base
import Hummingbird
import Storage
import Text
import Web

/// What a queue asks for before a reply leaves, and who is in training there; for those who keep it.
package struct ReviewSettingsRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ReviewPaths.settings.route) { request, context in
            let queue = try await office.requireQueue(context)
            return try await show(queue, context, notices: QueueRoutes.notices(request))
        }
        signedIn.post(ReviewPaths.settings.route, use: change)
        signedIn.post(ReviewPaths.trainees.route) { request, context in
            try await changing(request, context) { queue, form, at, db in
                try desk.reviewRules.beginTraining(
                    of: ID(form["member"]) ?? 0, queue: queue.id, by: context.viewer, at: at, in: db)
            }
        }
        signedIn.post(ReviewPaths.freeing.route) { request, context in
            let member = try context.requireID("member")
            return try await changing(request, context) { queue, _, at, db in
                try desk.reviewRules.free(member, queue: queue.id, by: context.viewer, at: at, in: db)
            }
        }
    }

    private func show(
        _ queue: Queue, _ context: SignedInContext, entered: ReviewRule? = nil, problem: Failure? = nil,
        notices: [Frame.Notice] = []
    ) async throws -> Response {
        let signs = office.signs(context)
        let page = try await desk.database.read { [desk, office] db in
            let rules = desk.reviewRules
            let rule = try entered ?? rules.rule(of: queue.id, in: db)
            let trainees = try rules.trainees(of: queue.id, in: db)
            let writers = try desk.members.members(with: .draft, queue: queue.id, in: db)
            let names = Dictionary(writers.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            let all = try desk.members.all(in: db)
            return ReviewSettingsPage(
                name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: ReviewPaths.settings),
                path: ReviewPaths.settings(queue.id),
                problem: problem.map { Self.phrase($0, signs.language) },
                faults: problem != nil
                    ? [] : try rules.faults(of: rule, queue: queue.id, in: db).map { Self.phrase($0, signs.language) },
                reviewable: try rules.reviewable(queue: queue.id, in: db)
                    .map { LanguageNames.name(of: $0, in: signs.language) }.joined(separator: ", ").orNil,
                needsAll: rule.needsAll, languages: Languages.choices(in: signs.language, selected: rule.languages),
                labels: rule.labels.joined(separator: ", "), sample: String(rule.samplePercent),
                dueHours: Self.hours(rule.dueMinutes), training: String(rule.trainingCount),
                reviewers: try rules.reviewers(of: queue.id, language: nil, in: db).map(\.name)
                    .joined(separator: ", ").orNil,
                trainees: trainees.map { trainee in
                    let name = all.first { $0.id == trainee.member }?.name ?? "…"
                    let mayFree = trainee.isReady && trainee.member != context.viewer.memberID
                    return TraineeLine(
                        name: name,
                        progress: Phrase(
                            "review-trainee-progress", .number(trainee.approved), .number(trainee.needed)),
                        free: mayFree ? Action(ReviewPaths.freeing(queue.id, trainee.member)) : nil)
                }, traineePath: ReviewPaths.trainees(queue.id),
                candidates: names.filter { id, _ in !trainees.contains { $0.member == id } }
                    .sorted { Collation.isBefore($0.value, $1.value, in: signs.language) }
                    .map { Choice(String($0.key), .verbatim($0.value)) })
        }
        return site.page(page, for: context.visitor, notices: notices, status: problem?.status ?? .ok)
    }

    private static func phrase(_ failure: Failure, _ language: String) -> Phrase {
        guard failure.messageKey == "review-rule-too-few-language", let code = failure.arguments.first else {
            return Phrase(failure.messageKey, texts: failure.arguments)
        }
        return Phrase(failure.messageKey, .text(LanguageNames.name(of: code, in: language)))
    }

    private static func hours(_ minutes: Int) -> String {
        minutes.isMultiple(of: 60) ? String(minutes / 60) : String(Double(minutes) / 60)
    }

    /// 0, which is refused, for what is no number of hours.
    private static func minutes(_ hours: String) -> Int {
        guard let hours = Double(hours), hours > 0, hours < 100_000 else { return 0 }
        return Int(hours * 60)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        var rule = ReviewRule()
        rule.needsAll = form.has("all")
        rule.languages = form.all("language").filter { Languages.codes.contains($0) }
        rule.labels = form["labels"].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        rule.samplePercent = Int(form.trimmed("sample")) ?? -1
        rule.dueMinutes = Self.minutes(form.trimmed("due-hours"))
        rule.trainingCount = Int(form.trimmed("training")) ?? 0
        let (chosen, now) = (rule, desk.clock.now())
        do {
            try await desk.database.write { [desk] db in
                try desk.reviewRules.set(chosen, of: queue.id, by: context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .refused {
            return try await show(queue, context, entered: chosen, problem: failure)
        }
        return site.redirect(ReviewPaths.settings(queue.id) + "?notice=changed")
    }

    private func changing(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (Queue, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            try await desk.database.write { db in try body(queue, form, now, db) }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .refused {
            return try await show(queue, context, problem: failure)
        }
        return site.redirect(ReviewPaths.settings(queue.id) + "?notice=changed")
    }
}
