import Base
import Hummingbird
import Storage
import Web

/// The page of triage, for administrators: what was learned, how well, from when on it acts, who is named.
package struct TriageRoomRoutes: Sendable {
    static let thresholds = Array(stride(from: 50, through: 95, by: 5))

    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }
    private var models: ModelStore { ModelStore(ids: desk.ids) }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(TriagePaths.room.route, use: show)
        signedIn.post(TriagePaths.training.route, use: train)
        signedIn.post(TriagePaths.threshold.route, use: setThreshold)
        signedIn.post(TriagePaths.people.route, use: setPeople)
        signedIn.post(TriagePaths.startingOn.route) { try await useStarting(true, $0, $1) }
        signedIn.post(TriagePaths.startingOff.route) { try await useStarting(false, $0, $1) }
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let maker = TriageRoomMaker(
            signs: office.signs(context), packs: desk.triage?.packs().counts ?? [:],
            starting: desk.triage?.starting() ?? .none)
        let page = try await desk.database.read { [desk] db in try maker.page(desk, in: db) }
        return site.page(page, for: context.visitor, notices: TriageRoomNotices.made(of: request))
    }

    @Sendable private func train(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        try await desk.database.write { [desk] db in
            try TriageTraining.schedule(after: 0, jobs: desk.stores.jobs, in: db)
        }
        desk.alarm.ring()
        return site.redirect(TriagePaths.room() + "?notice=asked")
    }

    @Sendable private func setThreshold(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        // The way back has no fields: all of it stands in its address.
        func field(_ name: String) -> String {
            form.has(name) ? form[name] : request.uri.queryParameters[name[...]].map(String.init) ?? ""
        }
        let value = field("value")
        guard let target = TriageSuggestion.Target(rawValue: field("target")), let threshold = Int(field("threshold")),
            Self.thresholds.contains(threshold) || threshold == ModelStore.never
        else { throw Failure(.invalid, "error-invalid") }
        let former = try await desk.database.write { [desk, models] db in
            let me = context.viewer.memberID
            let former =
                try models.thresholds(in: db)["\(target.rawValue):\(value)"] ?? target.usualThreshold
            try models.setThreshold(threshold, target, value, by: me, at: now, in: db)
            let event = Event(
                "triage-threshold-changed", actor: me,
                data: ["target": target.rawValue, "to": String(threshold)])
            try desk.stores.events.add(event, at: now, in: db)
            return former
        }
        return site.redirect(TriageRoomNotices.changed(target, value, from: former))
    }

    private func useStarting(
        _ isOn: Bool, _ request: Request, _ context: SignedInContext
    ) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        guard let label = request.uri.queryParameters["label"].flatMap({ SpecialistLabel(rawValue: String($0)) })
        else { throw Failure(.invalid, "error-invalid") }
        try await desk.database.write { [desk] db in
            try StartingUse.set(isOn, label, by: context.viewer.memberID, at: now, desk.stores.events, in: db)
        }
        return site.redirect(TriageRoomNotices.switched(label, isOn: isOn))
    }

    @Sendable private func setPeople(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        let wanted = Set(form.all("person").compactMap { ID($0) })
        guard let label = SpecialistLabel(rawValue: form["label"]) else { throw Failure(.invalid, "error-invalid") }
        try await desk.database.write { [desk] db in
            for id in wanted { _ = try desk.members.require(id, in: db) }
            try Labelling(stores: desk.stores).setPeople(wanted, of: label, by: context.viewer, at: now, in: db)
        }
        return site.redirect(TriagePaths.room() + "#people")
    }
}

/// Makes the page from what is stored.
struct TriageRoomMaker: Sendable {
    let signs: Signs
    let packs: [SpecialistLabel: [String: Int]]
    let starting: StartingModel

    func page(_ desk: Desk, in db: any Connection) throws -> TriageRoomPage {
        let models = ModelStore(ids: desk.ids)
        let made = try models.current(in: db)
        let rows = try rows(models, desk, in: db)
        let shipped = try startingRows(
            outgrown: try models.outgrown(in: db), off: try StartingUse.off(in: db), desk.members, in: db)
        return TriageRoomPage(
            learned: made.map {
                Phrase(
                    "triage-learned", .text(signs.moment($0.at).exact), .number($0.examples), .number($0.heldOut),
                    .number(Int(($0.took + 999) / 1000)))
            }, train: Action(TriagePaths.training()), rows: rows, hasRows: !rows.isEmpty, danger: try danger(in: db),
            starting: shipped, hasStarting: !shipped.isEmpty, labels: try people(desk, in: db),
            thresholdPath: TriagePaths.threshold(), peoplePath: TriagePaths.people())
    }

    private func rows(_ models: ModelStore, _ desk: Desk, in db: any Connection) throws -> [ClassRow] {
        let thresholds = try models.thresholds(in: db)
        let all = try models.measures(in: db)
        var keys: [(TriageSuggestion.Target, String)] = []
        for (target, value, _, _) in all where !keys.contains(where: { $0 == (target, value) }) {
            keys.append((target, value))
        }
        let order = TriageSuggestion.Target.allCases
        keys.sort { (order.firstIndex(of: $0.0) ?? 0, $0.1) < (order.firstIndex(of: $1.0) ?? 0, $1.1) }
        return try keys.compactMap { target, value in
            let own = all.filter { $0.0 == target && $0.1 == value }
            let sum = own.map(\.3).reduce(Measure(), +)
            let threshold = thresholds["\(target.rawValue):\(value)"] ?? target.usualThreshold
            guard let name = try name(target, value, desk, in: db) else { return nil }
            return ClassRow(
                target: target.rawValue, value: value, kind: Phrase("triage-target-\(target.rawValue)"), name: name,
                examples: Self.number(sum.examples), suggested: Figures(sum.result(at: target.worthSaying)),
                alone: threshold == ModelStore.never ? nil : Figures(sum.result(at: threshold)),
                thresholds: choices(threshold),
                languages: own.map {
                    LanguageFigures(
                        language: signs.language($0.2), examples: Self.number($0.3.examples),
                        figures: Figures($0.3.result(at: target.worthSaying)))
                })
        }
    }

    private func name(
        _ target: TriageSuggestion.Target, _ value: String, _ desk: Desk, in db: any Connection
    ) throws -> Phrase? {
        switch target {
        case .label: Phrase("label-\(value)")
        case .queue: try ID(value).flatMap { try desk.stores.queues.find($0, in: db) }.map { .verbatim($0.name) }
        case .topic: .verbatim(value)
        case .urgency: Phrase("ticket-priority-high")
        case .junk: Phrase("triage-target-junk")
        }
    }

    private func choices(_ threshold: Int) -> [Choice] {
        let never = Choice(
            String(ModelStore.never), Phrase("triage-threshold-never"), isSelected: threshold == ModelStore.never)
        return [never]
            + TriageRoomRoutes.thresholds.reversed().map {
                Choice(String($0), Phrase("triage-threshold-at", .number($0)), isSelected: threshold == $0)
            }
    }

    private static func number(_ value: Int) -> Phrase { Phrase("web-number", .number(value)) }

    private func danger(in db: any Connection) throws -> [DangerRow] {
        let known = Dictionary(
            uniqueKeysWithValues: try DangerRecord.recall(in: db).map { ($0.language, $0) })
        let entries = packs[.danger] ?? [:]
        return Set(entries.keys).union(known.keys).sorted().map { language in
            let recall = known[language]
            return DangerRow(
                language: signs.language(language), entries: Self.number(entries[language] ?? 0),
                recall: words(recall), mistaken: Self.number(recall?.mistaken ?? 0),
                open: Self.number(recall?.open ?? 0))
        }
    }

    /// Never a bare share: few cases say little.
    private func words(_ recall: DangerRecord.Recall?) -> Phrase {
        guard let recall, recall.cases > 0 else { return Phrase("triage-danger-unknown") }
        let interval = WilsonInterval(recall.noticed, of: recall.cases)
        return Phrase(
            "triage-danger-recall", .number(recall.noticed), .number(recall.cases),
            .number(Int((interval.low * 100).rounded(.down))), .number(Int((interval.high * 100).rounded(.up))))
    }

    private func people(_ desk: Desk, in db: any Connection) throws -> [LabelPeople] {
        let members = try desk.members.all(in: db).filter { !$0.isDisabled }
        let emergency = try desk.triage?.emergencyAddress(queue: 0, in: db) ?? ""
        return try SpecialistLabel.allCases.map { label in
            let named = Set(try LabelStore().people(of: label, in: db))
            return LabelPeople(
                label: label.rawValue, name: Phrase("label-\(label.rawValue)"),
                card: desk.triage?.cards().card(of: label, language: signs.language, emergency: emergency),
                people: members.map { Choice(String($0.id), .verbatim($0.name), isSelected: named.contains($0.id)) },
                named: members.filter { named.contains($0.id) }.map(\.name).joined(separator: ", "),
                isEmpty: named.isEmpty)
        }
    }
}
