import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Setting up or replacing one's own second factor, and its recovery codes.
package struct SecondFactorRoutes: Sendable {
    private let ways: WaysIn
    private let site: Site

    package init(_ ways: WaysIn, site: Site) {
        self.ways = ways
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(AccountPaths.secondFactor.route) { _, context in try show(context.visitor, problem: nil) }
        signedIn.post(AccountPaths.secondFactor.route, use: set)
        signedIn.post(AccountPaths.recoveryCodes.route, use: renew)
        signedIn.post(AccountPaths.dismissal.route, use: dismiss)
    }

    private func show(_ visitor: Visitor, problem: Phrase?, status: HTTPResponse.Status = .ok) throws -> Response {
        if visitor.mustChangePassword { return site.redirect(SitePaths.firstPassword()) }
        let secret = ways.factors.offer(session: visitor.session)
        let address = TimeCode.address(secret: secret, account: visitor.email, issuer: "Liaison " + ways.publicHost)
        guard let picture = QRCode(address) else { throw Failure(.internal, "error-internal", details: "no QR code") }
        let letters = Array(Base32.encode(secret).uppercased())
        let groups = stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }
        let page = SecondFactorPage(
            path: AccountPaths.secondFactor(), isReplacing: visitor.hasSecondFactor,
            isDemanded: visitor.needsSecondFactor,
            later: visitor.hasSecondFactor ? SitePaths.account() : SitePaths.home(), size: picture.size,
            picture: picture.path, secret: groups.joined(separator: " "), address: address, account: visitor.email,
            problem: problem)
        return site.page(page, for: visitor, status: status)
    }

    @Sendable private func set(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let visitor = context.visitor
        let form = try await site.form(request, of: visitor)
        if visitor.mustChangePassword { return site.redirect(SitePaths.firstPassword()) }
        let id = visitor.viewer.memberID
        let now = ways.clock.now()
        let secret = ways.factors.offer(session: visitor.session)
        do {
            try await spendBudget(of: id, at: now)
            let digits = TimeCode.digits(in: form["code"]) ?? ""
            guard let step = TimeCode.matchingStep(of: digits, secret: secret, at: now, after: 0) else {
                throw Failure(.refused, "account-factor-wrong")
            }
            let (current, device) = (form["current"], request.device)
            let (codes, session) = try await ways.database.write { [ways] db in
                let isReplacing = try ways.factors.exists(of: id, in: db)
                if isReplacing, try ways.factors.spend(current, of: id, at: now, in: db) == nil {
                    throw Failure(.refused, "account-code-wrong")
                }
                let codes = try ways.factors.set(secret, usedStep: step, of: id, at: now, in: db)
                try ways.mails.tell(.secondFactorSet, ways.members.require(id, in: db), at: now, in: db)
                try ways.budget.forget(.code(id), in: db)
                // Nobody stays signed in without the new factor.
                try ways.sessions.closeAll(of: id, in: db)
                return (codes, try ways.sessions.open(member: id, device: device, at: now, in: db))
            }
            return show(codes, visitor, session: session)
        } catch let failure as Failure where failure.code == .refused || failure.code == .tooMany {
            let status: HTTPResponse.Status = failure.code == .refused ? .unprocessableContent : failure.status
            return try show(visitor, problem: Phrase(failure.messageKey), status: status)
        }
    }

    /// Ten new recovery codes for one right code.
    @Sendable private func renew(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let visitor = context.visitor
        let form = try await site.form(request, of: visitor)
        let id = visitor.viewer.memberID
        let now = ways.clock.now()
        do {
            try await spendBudget(of: id, at: now)
            let codes = try await ways.database.write { [ways] db in
                guard try ways.factors.spend(form["code"], of: id, at: now, in: db) != nil else {
                    throw Failure(.refused, "account-code-wrong")
                }
                try ways.budget.forget(.code(id), in: db)
                return try ways.factors.renewCodes(of: id, at: now, in: db)
            }
            return show(codes, visitor, session: nil)
        } catch let failure as Failure where failure.code == .refused || failure.code == .tooMany {
            return site.redirect(SitePaths.account(query: [("problem", failure.messageKey)]))
        }
    }

    @Sendable private func dismiss(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await ways.database.write { [ways] db in
            try ways.notices.dismiss(id, of: context.viewer.memberID, in: db)
        }
        return site.redirect(SitePaths.home())
    }

    private func spendBudget(of member: ID, at now: Milliseconds) async throws {
        try await ways.database.write { [ways] db in try ways.budget.spend([.code(member)], at: now, in: db) }
    }

    private func show(_ codes: [String], _ visitor: Visitor, session: String?) -> Response {
        var visitor = visitor
        if let session { visitor.session = session }
        var response = site.page(RecoveryCodesPage(codes: codes, next: SitePaths.home()), for: visitor)
        if let session {
            response.headers[.setCookie] = site.cookie(session, maxAge: Int(SessionStore.absolute / 1000))
        }
        return response
    }
}
