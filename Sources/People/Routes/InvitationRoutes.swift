import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// The invited person's side: the link, a password, and in.
package struct InvitationRoutes: Sendable {
    private let ways: WaysIn
    private let inviting: Inviting
    private let site: Site

    package init(_ ways: WaysIn, site: Site) {
        self.ways = ways
        self.site = site
        inviting = Inviting(ways)
    }

    package func add(to router: Router<WebContext>) {
        router.get(InvitationPaths.show.route, use: show)
        router.post(InvitationPaths.show.route, use: accept)
    }

    private func tooLate(_ request: Request) -> Response {
        let page = AnswerPage(
            heading: Phrase("account-link-old-title"), text: Phrase("account-invitation-old"),
            link: Link(Phrase("account-back-to-sign-in"), SitePaths.signIn()))
        return site.page(page, for: request, status: .notFound)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let reference = context.parameters.get("reference") ?? ""
        guard let invitation = try await inviting.find(link: reference) else { return tooLate(request) }
        return page(request, reference, invitation, name: Field(invitation.name), letterName: Field(invitation.name))
    }

    private func page(
        _ request: Request, _ reference: String, _ invitation: Invitation, name: Field, letterName: Field,
        problem: Phrase? = nil
    ) -> Response {
        let page = InvitedPage(
            path: InvitationPaths.link(reference), email: invitation.email, name: name, letterName: letterName,
            minimumLength: Password.minimumLength, help: Phrase("first-password-help", .number(Password.minimumLength)),
            problem: problem)
        let isWrong = problem != nil || name.problem != nil || letterName.problem != nil
        return site.page(page, for: request, status: isWrong ? .unprocessableContent : .ok)
    }

    @Sendable private func accept(_ request: Request, _ context: WebContext) async throws -> Response {
        let reference = context.parameters.get("reference") ?? ""
        let form = try await Form.read(request)
        guard let invitation = try await inviting.find(link: reference) else { return tooLate(request) }
        let (name, letterName) = (form.trimmed("name"), form.trimmed("letter-name"))
        let nameProblem = ProfileRules.problem(name), letterProblem = ProfileRules.problem(letterName)
        let problem = form.passwordProblem(context: [invitation.email, name, letterName, ways.publicHost])
        guard nameProblem == nil, letterProblem == nil, problem == nil else {
            return page(
                request, reference, invitation, name: Field(name, problem: nameProblem),
                letterName: Field(letterName, problem: letterProblem), problem: problem)
        }
        do {
            let session = try await inviting.accept(
                link: reference, name: name, letterName: letterName, password: form["password"],
                device: request.device)
            return site.redirect(AccountPaths.secondFactor(), session: session, lifetime: SessionStore.absolute)
        } catch let failure as Failure where failure.code == .notFound || failure.code == .conflict {
            return tooLate(request)
        }
    }
}

/// What a name must be.
package enum ProfileRules {
    private static let longest = 120

    package static func isGood(_ name: String) -> Bool { problemKey(name) == nil }

    static func problem(_ name: String) -> Phrase? { problemKey(name).map { Phrase($0) } }

    /// Both days (`2026-12-24`) in their order, or none.
    package static func isSpan(from: String, until: String) -> Bool {
        if from.isEmpty, until.isEmpty { return true }
        guard from.utf8.count == 10, until.utf8.count == 10, let first = ISO8601.startOfDay(from),
            let last = ISO8601.startOfDay(until)
        else { return false }
        return first <= last
    }

    /// Nil when it is good: it may stand in a letter's header.
    package static func problemKey(_ name: String) -> String? {
        if name.isEmpty { return "member-name-missing" }
        let isClean = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && scalar.value != 0x2028 && scalar.value != 0x2029
        }
        return isClean && name.count <= longest ? nil : "account-name-invalid"
    }
}
