import Base
import Hummingbird
import Storage
import Web

extension RuleRoutes {
    /// The form of a rule, with what was entered, what it would have fitted, and its versions.
    func show(
        _ rule: Rule, _ context: SignedInContext, problem: Phrase? = nil, trial: RuleTrial.Found? = nil,
        notices: [Frame.Notice] = []
    ) async throws -> Response {
        let viewer = context.viewer
        let (offer, words, saved, versions) = try await desk.database.read { [desk, rules] db in
            (
                try ChangeForm.Offer.read(desk, viewer, in: db), try ChangeWords.read(desk, viewer, in: db),
                rule.id == 0 ? nil : try rules.require(rule.id, keptBy: viewer, in: db),
                rule.id == 0 ? [] : try rules.versions(of: rule.id, in: db)
            )
        }
        let isSaved = saved.map { $0.body == rule.body && $0.queue == rule.queue } ?? false
        let page = RulePage(
            tabs: RuleTabs.tabs(RulePaths.list),
            heading: saved.map { .verbatim($0.name) } ?? Phrase("rule-new"),
            path: saved == nil ? RulePaths.list() : RulePaths.rule(rule.id), listPath: RulePaths.list(),
            form: fields(rule, offer, viewer), problem: problem,
            trial: trial.map { box($0, rule, isSaved: isSaved, context) },
            versions: versions.map { line($0, of: rule, newest: versions.first?.version, words, context) },
            removal: saved == nil ? nil : Action(RulePaths.removal(rule.id)))
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func fields(_ rule: Rule, _ offer: ChangeForm.Offer, _ viewer: Viewer) -> RuleFields {
        let body = rule.body
        let any = Choice("", Phrase("rule-any"))
        let spare = (0..<RuleForm.spareLines).map { _ in RuleCondition(.all, .words, "") }
        let lines = (body.conditions + spare).enumerated().map { Self.line($0, $1) }
        let weekdays = HoursForm.weekdays.enumerated().map { index, name in
            Choice(String(index + 1), Phrase("hours-\(name)"), isSelected: body.weekdays.contains(index + 1))
        }
        let acknowledges = [
            Choice("", Phrase("rule-acknowledges-queue"), isSelected: body.acknowledges == nil),
            Choice("on", Phrase("rule-acknowledges-on"), isSelected: body.acknowledges == true),
            Choice("off", Phrase("rule-acknowledges-off"), isSelected: body.acknowledges == false),
        ]
        return RuleFields(
            version: rule.version, name: rule.name, queues: offer.homes(selected: rule.queue, viewer), isOn: rule.isOn,
            occasions: RuleBody.Occasion.allCases.map {
                Choice($0.rawValue, Phrase("rule-occasion-\($0.rawValue)"), isSelected: $0 == body.occasion)
            }, lines: lines,
            senders: [any]
                + RuleBody.Sender.allCases.map {
                    Choice($0.rawValue, Phrase("rule-sender-\($0.rawValue)"), isSelected: $0 == body.sender)
                },
            files: [any]
                + RuleBody.Files.allCases.map {
                    Choice($0.rawValue, Phrase("rule-files-\($0.rawValue)"), isSelected: $0 == body.files)
                },
            hours: [any]
                + RuleBody.Hours.allCases.map {
                    Choice($0.rawValue, Phrase("rule-hours-\($0.rawValue)"), isSelected: $0 == body.hours)
                }, weekdays: weekdays, from: body.from.map(ChangeWords.time) ?? "",
            to: body.to.map(ChangeWords.time) ?? "", hasTime: body.asksForTime,
            change: ChangeForm(body.change, offer, withMe: false),
            teams: offer.teams.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: body.notifiedTeams.contains($0.id))
            },
            members: offer.members.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: body.notifiedMembers.contains($0.id))
            }, tells: !body.notifiedTeams.isEmpty || !body.notifiedMembers.isEmpty, acknowledges: acknowledges,
            stops: body.stops)
    }

    private static func line(_ number: Int, _ condition: RuleCondition) -> RuleLine {
        RuleLine(
            number: number,
            groups: RuleCondition.Group.allCases.map {
                Choice($0.rawValue, Phrase("rule-group-\($0.rawValue)"), isSelected: $0 == condition.group)
            },
            places: RuleCondition.Place.allCases.map {
                Choice($0.rawValue, Phrase("rule-place-\($0.rawValue)"), isSelected: $0 == condition.place)
            }, words: condition.words)
    }

    // MARK: - Trial

    private func box(
        _ found: RuleTrial.Found, _ rule: Rule, isSaved: Bool, _ context: SignedInContext
    ) -> RuleTrialBox {
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let tickets = Set(found.hits.map(\.ticket)).sorted()
        let mayApply = isSaved && !tickets.isEmpty && !rule.body.change.isEmpty
        return RuleTrialBox(
            finding: Phrase(found.hits.isEmpty ? "rule-trial-none" : "rule-trial-found", .number(found.hits.count)),
            looked: found.back.map { Phrase("rule-trial-looked", .number(found.looked), .text(signs.day($0))) }
                ?? Phrase("rule-trial-nothing"),
            hits: found.hits.map {
                RuleHitLine(
                    number: $0.number, subject: $0.subject, sender: $0.sender, path: TicketPaths.show($0.ticket),
                    moment: signs.moment($0.at), language: signs.language($0.language))
            }, next: found.next?.text,
            application: mayApply
                ? RuleApplication(
                    path: RulePaths.application(rule.id), tickets: tickets.map { String($0) },
                    label: Phrase("rule-apply", .number(tickets.count))) : nil)
    }

    private func line(
        _ version: RuleVersion, of rule: Rule, newest: Int?, _ words: ChangeWords, _ context: SignedInContext
    ) -> RuleVersionLine {
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        return RuleVersionLine(
            label: Phrase("rule-version", .number(version.version)),
            who: version.member.map { words.members[$0] ?? "…" }, moment: signs.moment(version.at),
            conditions: words.conditions(of: version.body), effects: words.effects(of: version.body),
            restore: version.version == newest
                ? nil : Action(RulePaths.restoring(rule.id, ID(version.version))))
    }
}
