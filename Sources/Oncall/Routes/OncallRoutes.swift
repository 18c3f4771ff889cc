import Base
import Foundation
import HTTPTypes
import Hummingbird
import People
import Storage
import Text
import Web

/// The room On-call: rotas, shifts, swaps and pages.
package struct OncallRoutes: Sendable {
    let paging: Paging
    let database: Database
    let site: Site
    let clock: Clock
    let zone: TimeZone

    package init(_ paging: Paging, database: Database, site: Site, clock: Clock, zone: TimeZone) {
        self.paging = paging
        self.database = database
        self.site = site
        self.clock = clock
        self.zone = zone
    }

    package func add(to signedIn: RouterGroup<SignedInContext>, public router: Router<WebContext>) {
        signedIn.get(OncallPaths.list.route, use: list)
        signedIn.get(OncallPaths.rota.route) { request, context in
            try await show(context, notices: Self.notices(request))
        }
        RotaKeepingRoutes(self).add(to: signedIn)
        signedIn.post(OncallPaths.choice.route, use: choose)
        signedIn.post(OncallPaths.swaps.route, use: askForSwap)
        signedIn.post(OncallPaths.swapAnswer.route, use: settleSwap)
        PageRoutes(self).add(to: signedIn, public: router)
    }

    static func notices(_ request: Request) -> [Frame.Notice] {
        switch request.uri.queryParameters["notice"] {
        case "changed": [Frame.Notice(.done, Phrase("notice-changed"))]
        case "asked": [Frame.Notice(.done, Phrase("oncall-swap-sent"))]
        case "tried": [Frame.Notice(.done, Phrase("oncall-trial-sent"))]
        default: []
        }
    }

    func signs(_ context: SignedInContext, names: [ID: String]) -> OncallSigns {
        OncallSigns(
            language: site.strings.supported(context.visitor.language),
            zone: TimeZone(identifier: context.visitor.zone) ?? zone, now: clock.now(), names: names)
    }

    func names(in db: any Connection) throws -> [ID: String] {
        Dictionary(uniqueKeysWithValues: try paging.members.all(in: db).map { ($0.id, $0.name) })
    }

    // MARK: - The room

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let (rotas, plans, open, names) = try await database.read { db in
            let rotas = try paging.rotas.all(visibleTo: viewer, in: db)
            return (
                rotas, try rotas.map { try paging.shifts.plan(of: $0, in: db) },
                try rotas.flatMap { try paging.pages.all(of: $0.id, limit: 20, in: db) }.filter { $0.state == .open },
                try self.names(in: db)
            )
        }
        let signs = signs(context, names: names)
        let cards = zip(rotas, plans).map { rota, plan in
            let gaps = GapWatch.gaps(in: plan, at: signs.now).count
            return RotaCard(
                name: rota.name, path: OncallPaths.rota(rota.id), duty: signs.duty(plan),
                gaps: gaps == 0 ? nil : Phrase("oncall-gaps", .number(gaps)))
        }
        let page = RotaListPage(
            calls: open.map { signs.card($0, viewer: viewer, mayHold: true) }, rotas: cards,
            newPath: viewer.isAdministrator ? OncallPaths.newRota() : nil, isEmpty: rotas.isEmpty)
        return site.page(page, for: context.visitor, notices: Self.notices(request))
    }

    // MARK: - One rota

    private struct Read: Sendable {
        var rota: Rota
        var plan: DutyPlan
        var seats: [Seat]
        var shifts: [Shift]
        var swaps: [Swap]
        var pages: [Paged]
        var members: [Member]
    }

    func show(
        _ context: SignedInContext, problem: Failure? = nil, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let id = try context.requireID()
        let read = try await database.read { db in
            let rota = try paging.rotas.require(id, visibleTo: context.viewer, in: db)
            return Read(
                rota: rota, plan: try paging.shifts.plan(of: rota, in: db),
                seats: try paging.rotas.seats(of: id, in: db), shifts: try paging.shifts.shifts(of: id, in: db),
                swaps: try paging.shifts.swaps(of: id, in: db), pages: try paging.pages.all(of: id, limit: 20, in: db),
                members: try paging.members.all(in: db))
        }
        let page = page(read, context, problem: problem.map { Phrase($0.messageKey) })
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func page(_ read: Read, _ context: SignedInContext, problem: Phrase?) -> RotaPage {
        let (rota, viewer) = (read.rota, context.viewer)
        let names = Dictionary(uniqueKeysWithValues: read.members.map { ($0.id, $0.name) })
        let signs = signs(context, names: names)
        let seat = read.seats.first { $0.member == viewer.memberID }
        let mayKeep = RotaStore.mayKeep(rota, viewer)
        let gaps = GapWatch.gaps(in: read.plan, at: signs.now)
        return RotaPage(
            name: rota.name, zone: rota.zone, listPath: OncallPaths.list(), problem: problem,
            duty: signs.duty(read.plan), outside: seat != nil || mayKeep ? rota.outsideAddress : nil,
            calls: read.pages.filter { $0.state == .open }.map { signs.card($0, viewer: viewer, mayHold: true) },
            gaps: gaps.map { GapLine(text: "\(signs.exact($0.lowerBound)) – \(signs.exact($0.upperBound))") },
            choice: seat.map { seat in
                ChoiceForm(
                    path: OncallPaths.choice(rota.id), isIn: seat.isIn, isReserve: seat.isReserve,
                    address: seat.address, email: context.visitor.email)
            },
            asked: read.swaps.filter { $0.state == .asked && $0.until > signs.now }
                .filter { $0.member == viewer.memberID || $0.asker == viewer.memberID }
                .map { swapLine($0, signs, viewer) }, turns: turns(read, signs, viewer),
            keeping: mayKeep ? keeping(read, signs) : nil,
            pages: read.pages.map { page in
                let card = signs.card(page, viewer: viewer, mayHold: false)
                return PageLine(
                    path: card.path, reason: card.warning, state: card.state, isOpen: card.isOpen,
                    moment: signs.moment(page.openedAt))
            })
    }

    private func swapLine(_ swap: Swap, _ signs: OncallSigns, _ viewer: Viewer) -> SwapLine {
        let isMine = swap.asker == viewer.memberID
        let span = "\(signs.exact(swap.from)) – \(signs.exact(swap.until))"
        let other = signs.name(isMine ? swap.member : swap.asker)
        let back = swap.backFrom.flatMap { from in
            swap.backUntil.map {
                Phrase("oncall-swap-back", .text("\(signs.exact(from)) – \(signs.exact($0))"))
            }
        }
        return SwapLine(
            text: Phrase(isMine ? "oncall-swap-asked" : "oncall-swap-asks", .text(other), .text(span)), back: back,
            path: OncallPaths.swapAnswer(swap.rota, swap.id), isMine: isMine)
    }

    private func turns(_ read: Read, _ signs: OncallSigns, _ viewer: Viewer) -> [TurnLine] {
        let coming = read.plan.turns(from: signs.now, until: signs.now + 14 * WallTime.day)
        let colleagues = read.seats.filter { $0.isIn && $0.member != viewer.memberID }
        let backs = coming.filter { turn in colleagues.contains { $0.member == turn.duty.member } }.map { turn in
            Choice(
                "\(turn.duty.member)-\(turn.duty.from)-\(turn.duty.until)",
                .verbatim("\(signs.name(turn.duty.member)): \(signs.day(turn.duty.from)) \(signs.span(turn.duty))"))
        }
        return coming.prefix(60).map { turn in
            let isOwn = turn.duty.member == viewer.memberID && !colleagues.isEmpty
            return TurnLine(
                day: signs.day(turn.duty.from), span: signs.span(turn.duty), name: signs.name(turn.duty.member),
                isNow: turn.duty.covers(signs.now), isSecond: turn.place == 2, isSilent: !turn.isIn,
                swap: isOwn
                    ? SwapForm(
                        path: OncallPaths.swaps(read.rota.id), from: String(turn.duty.from),
                        until: String(turn.duty.until),
                        members: colleagues.map { Choice(String($0.member), .verbatim(signs.name($0.member))) },
                        backs: backs) : nil)
        }
    }

    private func keeping(_ read: Read, _ signs: OncallSigns) -> KeepingBox {
        let id = read.rota.id
        let seated = Set(read.seats.map(\.member))
        return KeepingBox(
            settingsPath: OncallPaths.settings(id), seatPath: OncallPaths.seats(id),
            shiftPath: OncallPaths.shifts(id), trialPath: OncallPaths.trial(id),
            seats: read.seats.map {
                SeatLine(
                    name: signs.name($0.member), isIn: $0.isIn, isReserve: $0.isReserve,
                    remove: Action(OncallPaths.unseating(id, $0.member)))
            },
            candidates: read.members.filter { !$0.isDisabled && !seated.contains($0.id) }.map {
                Choice(String($0.id), .verbatim($0.name))
            },
            shifts: read.shifts.map { shift in
                ShiftLine(
                    name: signs.name(shift.member),
                    text: Phrase(
                        "oncall-shift-times",
                        .text(signs.wall(day: shift.firstDay, minute: shift.fromMinute)),
                        .text(signs.wall(day: shift.firstDay + Int64(shift.dayCount), minute: shift.untilMinute))),
                    repeats: shift.everyWeeks == 0 ? nil : Phrase("oncall-shift-weeks", .number(shift.everyWeeks)),
                    isSecond: shift.place == 2, remove: Action(OncallPaths.shiftRemoval(id, shift.id)))
            }, members: read.seats.map { Choice(String($0.member), .verbatim(signs.name($0.member))) },
            today: WallTime.text(day: WallTime.local(signs.now, in: read.rota.timeZone).day))
    }

    // MARK: - What members do

    @Sendable private func choose(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = clock.now()
        do {
            try await database.write { db in
                let rota = try paging.rotas.require(id, visibleTo: context.viewer, in: db)
                guard var seat = try paging.rotas.seat(of: context.viewer.memberID, rota: rota.id, in: db) else {
                    throw Failure(.notFound, "error-not-found")
                }
                seat.isIn = form.has("in")
                seat.isReserve = form.has("reserve")
                seat.address = form.trimmed("address")
                try paging.rotas.choose(seat, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(context, problem: failure)
        }
        return site.redirect(OncallPaths.rota(id) + "?notice=changed")
    }

    @Sendable private func askForSwap(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = clock.now()
        let back = form["back"].split(separator: "-").compactMap { Int64($0) }
        do {
            guard let from = Int64(form["from"]), let until = Int64(form["until"]), let member = ID(form["member"]),
                back.isEmpty || (back.count == 3 && back[0] == member)
            else { throw Failure(.invalid, "oncall-swap-invalid") }
            try await database.write { db in
                let rota = try paging.rotas.require(id, visibleTo: context.viewer, in: db)
                let swap = Swap(
                    id: 0, rota: rota.id, asker: context.viewer.memberID, member: member, from: from, until: until,
                    backFrom: back.isEmpty ? nil : back[1], backUntil: back.isEmpty ? nil : back[2])
                _ = try paging.shifts.ask(swap, at: now, in: db)
                if let other = try paging.members.find(member, in: db) {
                    let letter = paging.words.swap(
                        rota, from: context.visitor.name, to: other.email, language: other.language)
                    _ = try paging.post(letter, now, db)
                }
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(context, problem: failure)
        }
        return site.redirect(OncallPaths.rota(id) + "?notice=asked")
    }

    @Sendable private func settleSwap(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let swap = try context.requireID("swap")
        let now = clock.now()
        try await database.write { db in
            let rota = try paging.rotas.require(id, visibleTo: context.viewer, in: db)
            guard let state = Swap.State(rawValue: form["state"]) else { throw Failure(.invalid, "error-invalid") }
            try paging.shifts.settle(
                swap, rota: rota.id, as: state, by: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(OncallPaths.rota(id) + "?notice=changed")
    }
}
