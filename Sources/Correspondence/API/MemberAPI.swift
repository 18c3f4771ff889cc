import Base
import Foundation
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/members`: colleagues; their accounts, for administrators and for themselves.
///
/// What the pages refuse is refused here. Passwords, second factors and who administers are not changed with a token,
/// which needs no second factor itself.
package struct MemberAPI: Sendable {
    private let api: APIRoutes
    private let ways: WaysIn
    /// Languages of the interface.
    private let languages: [String]
    private var desk: Desk { api.desk }
    private var values: MemberValues { MemberValues(ways: ways, filters: desk.filters) }

    package init(_ api: APIRoutes, ways: WaysIn, languages: [String]) {
        self.api = api
        self.ways = ways
        self.languages = languages
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1/members")
        group.get { request, _ in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(
                try await desk.database.read { db in
                    APIValues.page(try values.all(for: caller.viewer, in: db), next: nil)
                })
        }
        group.get(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(try await desk.database.read { db in try values.one(id, for: caller.viewer, in: db) })
        }
        group.patch(":id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await change(id, $0, $1) }
        }
        group.get(":id/rights") { request, context in try await rights(request, try context.requireID()) }
        group.delete(":id/sessions") { request, context in try await endSessions(request, try context.requireID()) }
    }

    private func rights(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        return APIRoutes.json(
            try await desk.database.read { [desk] db in
                let member = try requireDetails(id, caller, in: db)
                let viewer = try desk.members.viewer(member, in: db)
                let items = try desk.stores.queues.all(in: db).filter { viewer.rights[$0.id] != nil }.map { queue in
                    JSONText.object([
                        ("queue", APIValues.id(queue.id)), ("name", JSONText.quote(queue.name)),
                        ("rights", APIValues.rights(viewer.rights[queue.id] ?? [])),
                        ("own", APIValues.rights(try desk.members.rights(of: id, queue: queue.id, in: db))),
                    ])
                }
                return APIValues.page(items, next: nil)
            })
    }

    private func endSessions(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let now = desk.clock.now()
        try await desk.database.write { [ways] db in
            let member = try requireDetails(id, caller, in: db)
            try ways.sessions.closeOthers(of: member.id, actor: caller.viewer.memberID, at: now, in: db)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    /// Not there and not allowed look the same.
    private func requireDetails(_ id: ID, _ caller: APICaller, in db: any Connection) throws -> Member {
        guard values.mayKnow(id, caller.viewer) else { throw Failure(.notFound, "error-not-found") }
        return try desk.members.require(id, in: db)
    }

    // MARK: - Changes

    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        let known = MemberChange(languages: languages, today: Member.day(at: now, in: desk.zone))
        return try await desk.database.write { [desk] db in
            let member = try desk.members.require(id, in: db)
            try caller.requireMatch(try values.one(id, for: caller.viewer, in: db))
            if let isOpen = try input.optionalBool("open"), isOpen == member.isDisabled {
                try setOpen(isOpen, member, by: caller.viewer, at: now, in: db)
            }
            guard try known.isProfile(input) else { return try values.one(id, for: caller.viewer, in: db) }
            guard id == caller.viewer.memberID else { throw Failure(.refused, "error-refused") }
            if let spoken = try known.spoken(input) { try desk.filters.setLanguages(spoken, of: id, in: db) }
            try desk.members.setProfile(try known.profile(input, of: member), of: id, at: now, in: db)
            return try values.one(id, for: caller.viewer, in: db)
        }
    }

    /// As on the page: by administrators, and nobody locks themselves out.
    private func setOpen(
        _ isOpen: Bool, _ member: Member, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.isAdministrator, isOpen || member.id != viewer.memberID else {
            throw Failure(.refused, "error-refused")
        }
        if isOpen {
            try desk.members.enable(member.id, actor: viewer.memberID, at: at, in: db)
        } else {
            try desk.members.disable(member.id, actor: viewer.memberID, at: at, in: db)
        }
    }
}

/// What a member says of themselves by the API, checked as the page of the account checks it.
struct MemberChange: Sendable {
    private static let members = ["name", "letterName", "language", "zone", "awayFrom", "awayUntil", "languages"]

    /// Of the interface.
    let languages: [String]
    /// `2026-12-24`, in the zone of the organisation.
    let today: String

    func isProfile(_ input: APIInput) throws(Failure) -> Bool { Self.members.contains { input.has($0) } }

    /// Nil when it was not sent.
    func spoken(_ input: APIInput) throws(Failure) -> [String]? {
        guard let spoken = try input.optionalTexts("languages") else { return nil }
        guard spoken.allSatisfy({ Languages.codes.contains($0) }) else {
            throw Failure(.invalid, "error-invalid", details: "there is no such language")
        }
        return spoken
    }

    func profile(_ input: APIInput, of member: Member) throws -> MemberStore.Profile {
        var profile = MemberStore.Profile(member)
        profile.name = Self.trimmed(try input.optionalText("name") ?? profile.name)
        let letterName = Self.trimmed(try input.optionalText("letterName") ?? profile.letterName)
        profile.letterName = letterName.isEmpty ? profile.name : letterName
        profile.language = try input.optionalText("language") ?? profile.language
        if input.has("zone") { profile.zone = try input.optionalText("zone") ?? "" }
        if input.has("awayFrom") { profile.awayFrom = try input.optionalText("awayFrom") ?? "" }
        if input.has("awayUntil") { profile.awayUntil = try input.optionalText("awayUntil") ?? "" }
        if profile.awayFrom.isEmpty, !profile.awayUntil.isEmpty { profile.awayFrom = today }
        for key in [profile.name, profile.letterName].compactMap(ProfileRules.problemKey) {
            throw Failure(.invalid, key)
        }
        guard languages.contains(profile.language) || profile.language == member.language,
            profile.zone.isEmpty || TimeZone(identifier: profile.zone) != nil
        else { throw Failure(.invalid, "error-invalid", details: "there is no such language or zone") }
        guard ProfileRules.isSpan(from: profile.awayFrom, until: profile.awayUntil) else {
            throw Failure(.invalid, "account-away-invalid")
        }
        return profile
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}
