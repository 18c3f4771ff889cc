import Base
import Hummingbird
import Storage
import Web

package enum MemberPaths {
    package static let list: PathPattern = "/members"
    package static let access: PathPattern = "/members/:id/access"
    static let disabling: PathPattern = "/members/:id/disabling"
}

/// Members, for administrators.
package struct MemberRoutes: Sendable {
    private let database: Database
    private let members: MemberStore
    private let gate: PasswordGate
    private let site: Site

    package init(database: Database, members: MemberStore, gate: PasswordGate, site: Site) {
        self.database = database
        self.members = members
        self.gate = gate
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(MemberPaths.list.route) { _, context in try await show(context, form: emptyForm(nil)) }
        signedIn.post(MemberPaths.list.route, use: addMember)
        signedIn.post(MemberPaths.disabling.route, use: disable)
    }

    private func requireAdministrator(_ context: SignedInContext) throws {
        guard context.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    private func emptyForm(_ first: FirstPassword?) -> MemberForm {
        MemberForm(
            path: MemberPaths.list(), name: Field(), email: Field(), isAdministrator: false, firstPassword: first)
    }

    private func show(_ context: SignedInContext, form: MemberForm, isWrong: Bool = false) async throws -> Response {
        try requireAdministrator(context)
        let all = try await database.read { [members] db in try members.all(in: db) }
        let rows = all.map { member in
            MemberRow(
                name: member.name, accessPath: MemberPaths.access(member.id), email: member.email,
                isAdministrator: member.isAdministrator,
                isDisabled: member.isDisabled, lastSeen: nil,
                disable: member.isDisabled || member.id == context.viewer.memberID
                    ? nil : Action(MemberPaths.disabling(member.id)),
                enable: nil)
        }
        return site.page(
            MemberListPage(members: rows, form: form), for: context.visitor,
            status: isWrong ? .unprocessableContent : .ok)
    }

    @Sendable private func addMember(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let (name, email) = (form.trimmed("name"), form.trimmed("email"))
        func again(name problem: Phrase? = nil, email other: Phrase? = nil) async throws -> Response {
            let fields = MemberForm(
                path: MemberPaths.list(), name: Field(name, problem: problem), email: Field(email, problem: other),
                isAdministrator: form.has("administrator"), firstPassword: nil)
            return try await show(context, form: fields, isWrong: true)
        }
        guard !name.isEmpty else { return try await again(name: Phrase("member-name-missing")) }
        let password = site.random.reference(byteCount: 15)
        let hash = try await gate.hash(password)
        let now = site.clock.now()
        do {
            try await database.write { [members] db in
                _ = try members.add(
                    email: email, name: name, isAdministrator: form.has("administrator"), password: hash,
                    mustChange: true,
                    actor: context.viewer.memberID, at: now, in: db)
            }
        } catch let failure as Failure where failure.messageKey.hasPrefix("member-") {
            return try await again(email: Phrase(failure.messageKey))
        }
        return try await show(context, form: emptyForm(FirstPassword(email: email, password: password)))
    }

    @Sendable private func disable(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        guard id != context.viewer.memberID else { throw Failure(.refused, "error-refused") }
        let now = site.clock.now()
        try await database.write { [members] db in
            try members.disable(id, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(MemberPaths.list())
    }
}
