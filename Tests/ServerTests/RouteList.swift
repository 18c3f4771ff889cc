import Base
import HTTPTypes
import Hummingbird

@testable import Server

/// A route of the router, with what its parameters stand for.
struct Route: Sendable, CustomStringConvertible {
    /// What belongs to a queue, and is as visible as the queue's tickets.
    enum Object: Sendable {
        case ticket, message, attachment, draft, draftFile, delivery, round, review, incident, groupAnswer
    }

    /// First words of paths whose parameter is such an object.
    static let objects: [String: Object] = [
        "/tickets/": .ticket, "/messages/": .message, "/attachments/": .attachment, "/api/v1/tickets/": .ticket,
        "/api/v1/messages/": .message, "/drafts/": .draft, "/api/v1/drafts/": .draft, "/draft-files/": .draftFile,
        "/api/v1/draft-files/": .draftFile, "/deliveries/": .delivery, "/rounds/": .round, "/reviews/": .review,
        "/incidents/": .incident, "/api/v1/incidents/": .incident, "/group-answers/": .groupAnswer,
        "/api/v1/group-answers/": .groupAnswer,
    ]
    /// Paths whose parameter is something else: what it is, by its name in `House.others`, or `queue`.
    static let others: [String: String] = [
        "/suggestions/": "own",
        "/queues/": "queue", "/api/v1/queues/": "queue", "/teams/": "teams", "/members/": "members",
        "/tokens/": "tokens", "/mail/mailboxes/": "mailboxes", "/mail/servers/": "servers", "/care/jobs/": "jobs",
        "/static/": "files", "/contact/": "forms", "/help/": "public", "/invitations/": "links", "/password/": "links",
        "/account/notices/": "own",
        "/account/sessions/": "own", "/members/invitations/": "invitations", "/safety/refuges/": "queue",
        "/api/v1/changes/": "own", "/changes/": "own", "/api/v1/filters/": "own", "/filters/": "own",
        "/api/v1/invitations/": "invitations", "/api/v1/members/": "colleagues", "/notices/": "own",
        "/reviews/texts/links/": "own", "/reviews/lessons/": "own",
        "/second-look/": "links", "/second-look/text/": "links", "/second-look/told/": "links",
        "/api/v1/teams/": "teams", "/webhooks/": "webhooks",
        "/api/v1/webhooks/": "webhooks", "/api/v1/contacts/": "contacts", "/contacts/": "contacts",
        "/oncall/": "rotas", "/pages/": "pages", "/page/": "links", "/api/v1/rotas/": "rotas",
        "/api/v1/pages/": "pages",
        "/rules/": "rules", "/macros/": "macros", "/checklists/": "checklists", "/api/v1/rules/": "rules",
        "/api/v1/macros/": "macros", "/api/v1/checklists/": "checklists",
        "/knowledge/": "texts", "/api/v1/texts/": "texts",
    ]
    /// GET routes that ask for more than seeing.
    static let asking: [String: Right] = [
        "/messages/:id/redaction": .manage, "/tickets/:id/protection": .note,
        "/messages/:id/forwarding": .draft, "/messages/:id/redirecting": .send, "/tickets/:id/calls": .note,
        "/tickets/:id/split": .note, "/drafts/:id": .draft, "/reviews/:id": .approve,
        "/reviews/:id/lessons/:comment": .approve,
        "/api/v1/drafts/:id/review": .approve, "/tickets/:id/texts": .draft,
    ]
    /// Open to everybody, signed in or not.
    static let open: Set<String> = [
        "/healthz", "/readyz", "/metrics", "/sign-in", "/static/:name", "/api/v1/openapi.json", "/",
    ]

    /// First words of pages for people without an account, and of ways in.
    static let publicStarts = [
        "/contact", "/help", "/second-look/", "/invitations/:reference", "/password/:reference", "/page/:reference",
        "/forgotten-password", "/sign-in/",
    ]

    let method: HTTPRequest.Method
    let pattern: String

    var description: String { "\(method.rawValue) \(pattern)" }
    var hasParameters: Bool { pattern.contains(":") }

    var asks: Right { Self.asking[pattern] ?? .see }
    /// Absent for an attachment that is no picture, as those of the house are.
    var needsPicture: Bool { pattern == "/attachments/:id/preview" }
    /// Says nothing of what the ticket holds.
    var showsNothing: Bool {
        ["/tickets/:id/protection", "/tickets/:id/calls", "/tickets/:id/colleagues", "/tickets/:id/header"]
            .contains(pattern)
    }
    /// Changes nothing but what one is told oneself.
    var isOwnNotice: Bool { pattern.contains("following") || pattern.hasSuffix("/presence") }
    /// Its answer goes on until one leaves.
    var isEndless: Bool { pattern == "/live" }
    var isOpen: Bool {
        Self.open.contains(pattern) || Self.publicStarts.contains { pattern.hasPrefix($0) }
    }

    var object: Object? {
        hasParameters ? Self.objects.first { pattern.hasPrefix($0.key + ":") }?.value : nil
    }
    var other: String? {
        hasParameters
            ? Self.others.first {
                pattern.hasPrefix($0.key + ":") || ($0.key == "/contact/" && pattern.hasPrefix($0.key))
            }?.value : nil
    }
    var isKnown: Bool { !hasParameters || object != nil || other != nil }

    /// The path with this id in the first parameter, and 1 in those after it.
    func path(_ id: ID) -> String {
        var isFirst = true
        return pattern.split(separator: "/").map { part -> String in
            guard part.hasPrefix(":") else { return "/" + part }
            defer { isFirst = false }
            return "/" + String(isFirst ? id : 1)
        }.joined()
    }

    /// All routes there are, each once.
    static func all(_ web: WebServer) -> [Route] {
        web.router().routes.map { route in
            let path = route.path.description.replacing("{", with: ":").replacing("}", with: "")
            return Route(
                method: route.method,
                pattern: path.hasPrefix("/") ? path : "/" + path)
        }.filter { $0.method != .head && $0.method != .options }
    }
}
