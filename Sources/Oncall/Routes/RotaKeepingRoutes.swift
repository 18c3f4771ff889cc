import Base
import Foundation
import Hummingbird
import People
import Storage
import Text
import Web

/// What keepers of a rota do: settings, people, shifts, a trial.
struct RotaKeepingRoutes: Sendable {
    private let room: OncallRoutes
    private var paging: Paging { room.paging }
    private var site: Site { room.site }
    private var database: Database { room.database }

    init(_ room: OncallRoutes) { self.room = room }

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(OncallPaths.newRota.route) { _, context in
            try requireAdministrator(context)
            return try await form(context, nil)
        }
        signedIn.post(OncallPaths.newRota.route, use: addRota)
        signedIn.get(OncallPaths.settings.route) { _, context in
            let rota = try await requireKept(context)
            return try await form(context, rota)
        }
        signedIn.post(OncallPaths.settings.route, use: changeRota)
        signedIn.post(OncallPaths.seats.route, use: seat)
        signedIn.post(OncallPaths.unseating.route, use: unseat)
        signedIn.post(OncallPaths.shifts.route, use: addShift)
        signedIn.post(OncallPaths.shiftRemoval.route, use: removeShift)
        signedIn.post(OncallPaths.trial.route, use: tryOut)
    }

    private func requireAdministrator(_ context: SignedInContext) throws(Failure) {
        guard context.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    private func requireKept(_ context: SignedInContext) async throws -> Rota {
        let id = try context.requireID()
        return try await database.read { db in try paging.rotas.require(id, keptBy: context.viewer, in: db) }
    }

    // MARK: - Settings

    private func form(
        _ context: SignedInContext, _ rota: Rota?, queues chosen: [ID]? = nil, problem: Failure? = nil
    ) async throws -> Response {
        let (members, queues, own) = try await database.read { db in
            (
                try paging.members.all(in: db).filter { !$0.isDisabled },
                try db.rows("SELECT id, name FROM queue ORDER BY name").map { (try $0.int("id"), try $0.text("name")) },
                try rota.map { try paging.rotas.queues(of: $0.id, in: db) } ?? []
            )
        }
        let isNew = rota.map { $0.id == 0 } ?? true
        let shown =
            rota
            ?? Rota(id: 0, name: "", zone: room.zone.identifier, keeper: context.viewer.memberID, outsideAddress: "")
        let selected = Set(chosen ?? own)
        let zones = Set(TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } + ["UTC", shown.zone]).sorted()
        let visible = queues.filter { context.viewer.may(.see, queue: $0.0) || selected.contains($0.0) }
        let page = RotaFormPage(
            heading: isNew ? Phrase("oncall-new") : Phrase("oncall-settings", .text(shown.name)),
            path: isNew ? OncallPaths.newRota() : OncallPaths.settings(shown.id),
            backPath: isNew ? OncallPaths.list() : OncallPaths.rota(shown.id),
            problem: problem.map { Phrase($0.messageKey) }, name: shown.name,
            zones: zones.map { Choice($0, .verbatim($0), isSelected: $0 == shown.zone) },
            keepers: members.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == shown.keeper)
            }, outside: shown.outsideAddress,
            languages: site.strings.languages.map {
                Choice($0, .verbatim(site.strings.ownName($0)), isSelected: $0 == shown.outsideLanguage)
            }, repeatMinutes: shown.repeatMinutes, nextMinutes: shown.nextMinutes,
            outsideMinutes: shown.outsideMinutes, joinMinutes: shown.joinMinutes, isUsual: shown.isUsual,
            queues: visible.map { Choice(String($0.0), .verbatim($0.1), isSelected: selected.contains($0.0)) })
        return site.page(page, for: context.visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func entered(_ form: Form, _ rota: Rota) -> (Rota, [ID]) {
        var rota = rota
        rota.name = form.trimmed("name")
        rota.zone = form.trimmed("zone")
        rota.keeper = ID(form["keeper"]) ?? rota.keeper
        rota.outsideAddress = form.trimmed("outside")
        rota.outsideLanguage = site.strings.supported(form["language"])
        rota.repeatMinutes = Int(form.trimmed("repeat")) ?? 0
        rota.nextMinutes = Int(form.trimmed("next")) ?? 0
        rota.outsideMinutes = Int(form.trimmed("after")) ?? 0
        rota.joinMinutes = Int(form.trimmed("join")) ?? -1
        rota.isUsual = form.has("usual")
        return (rota, form.all("queue").compactMap { ID($0) })
    }

    @Sendable private func addRota(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let sent = try await site.form(request, of: context.visitor)
        let base = Rota(
            id: 0, name: "", zone: room.zone.identifier, keeper: context.viewer.memberID, outsideAddress: "")
        let (rota, queues) = entered(sent, base)
        let now = room.clock.now()
        do {
            let made = try await database.write { db in
                _ = try paging.members.require(rota.keeper, in: db)
                let made = try paging.rotas.add(
                    rota, queues: queues.filter { context.viewer.may(.see, queue: $0) },
                    actor: context.viewer.memberID, at: now, in: db)
                return made
            }
            return site.redirect(OncallPaths.rota(made.id) + "?notice=changed")
        } catch let failure as Failure where failure.code == .invalid || failure.code == .conflict {
            return try await form(context, rota, queues: queues, problem: failure)
        }
    }

    @Sendable private func changeRota(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let kept = try await requireKept(context)
        let (rota, queues) = entered(try await site.form(request, of: context.visitor), kept)
        let now = room.clock.now()
        do {
            try await database.write { db in
                _ = try paging.members.require(rota.keeper, in: db)
                // Queues the keeper does not see stay as they are.
                let hidden = try paging.rotas.queues(of: rota.id, in: db).filter {
                    !context.viewer.may(.see, queue: $0)
                }
                let seen = queues.filter { context.viewer.may(.see, queue: $0) }
                try paging.rotas.change(
                    rota, queues: hidden + seen, actor: context.viewer.memberID, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .conflict {
            return try await form(context, rota, queues: queues, problem: failure)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=changed")
    }

    // MARK: - People and shifts

    @Sendable private func seat(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let rota = try await requireKept(context)
        let sent = try await site.form(request, of: context.visitor)
        guard let member = ID(sent["member"]) else { throw Failure(.invalid, "error-invalid") }
        let now = room.clock.now()
        try await database.write { db in
            _ = try paging.members.require(member, in: db)
            try paging.rotas.seat(member, rota: rota.id, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=changed")
    }

    @Sendable private func unseat(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let rota = try await requireKept(context)
        _ = try await site.form(request, of: context.visitor)
        let member = try context.requireID("member")
        let now = room.clock.now()
        try await database.write { db in
            guard try paging.rotas.seat(of: member, rota: rota.id, in: db) != nil else {
                throw Failure(.notFound, "error-not-found")
            }
            try paging.rotas.unseat(member, rota: rota.id, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=changed")
    }

    @Sendable private func addShift(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let rota = try await requireKept(context)
        let sent = try await site.form(request, of: context.visitor)
        let now = room.clock.now()
        do {
            let shift = try Self.shift(sent, rota: rota.id)
            try await database.write { db in
                _ = try paging.shifts.add(shift, actor: context.viewer.memberID, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await room.show(context, problem: failure)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=changed")
    }

    static func shift(_ form: Form, rota: ID) throws(Failure) -> Shift {
        guard let member = ID(form["member"]),
            let from = WallTime.parse(day: form.trimmed("from-day"), time: form.trimmed("from-time")),
            let until = WallTime.parse(day: form.trimmed("until-day"), time: form.trimmed("until-time")),
            (from.day...from.day + 15).contains(until.day), let weeks = Int(form["weeks"]),
            let place = Int(form["place"])
        else { throw Failure(.invalid, "oncall-shift-invalid") }
        let last = form.trimmed("last-day")
        let lastDay = WallTime.parse(day: last, time: "00:00")?.day
        guard last.isEmpty || lastDay != nil else { throw Failure(.invalid, "oncall-shift-invalid") }
        return Shift(
            id: 0, rota: rota, member: member, firstDay: from.day, fromMinute: from.minute,
            dayCount: Int(until.day - from.day), untilMinute: until.minute, everyWeeks: weeks,
            lastDay: weeks == 0 ? nil : lastDay, place: place)
    }

    @Sendable private func removeShift(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let rota = try await requireKept(context)
        _ = try await site.form(request, of: context.visitor)
        let shift = try context.requireID("shift")
        let now = room.clock.now()
        try await database.write { db in
            try paging.shifts.remove(shift, rota: rota.id, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=changed")
    }

    /// A page about nothing, to see that it arrives.
    @Sendable private func tryOut(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let rota = try await requireKept(context)
        _ = try await site.form(request, of: context.visitor)
        let now = room.clock.now()
        try await database.write { db in
            try paging.page(
                rota: rota.id, reason: .trial, ticket: nil, queue: nil, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(OncallPaths.rota(rota.id) + "?notice=tried")
    }
}
