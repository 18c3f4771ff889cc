import Base
import Foundation
import HTTPTypes
import Hummingbird

/// What a thing looks like now, in one short word (RFC 9110): of the bytes a GET answers with.
package enum EntityTag {
    package static func of(_ bytes: [UInt8]) -> String {
        "\"" + Base64URL.encode(Array(SHA256Digest.of(bytes).prefix(16))) + "\""
    }

    package static func of(_ text: String) -> String { of(Array(text.utf8)) }

    /// Whether one of the tags of `If-Match` or `If-None-Match` is this one, packed or not; `*` is any.
    package static func isNamed(_ tag: String, in header: String) -> Bool {
        header.split(separator: ",").contains { entry in
            var word = entry.trimmingCharacters(in: .whitespaces)
            if word == "*" { return true }
            if word.hasPrefix("W/") { word.removeFirst(2) }
            if word.hasSuffix(packed + "\"") { word = word.dropLast(packed.count + 1) + "\"" }
            return word == tag
        }
    }

    /// The tag of the same words in gzip: other bytes, so another tag.
    static func packed(_ tag: String) -> String { tag.dropLast() + packed + "\"" }

    private static let packed = "-gzip"
}

/// Under `/api/v1`: every JSON answer to GET bears an `ETag`, made with its text (`APIRoutes.json`); with
/// `If-None-Match` what did not change is 304. A write with `If-Match` goes on only where the thing itself decides
/// about
/// it; elsewhere it is 412, and not passed over.
package struct EntityTags: RouterMiddleware {
    package typealias Context = WebContext

    /// One of these can be written `If-Match`.
    private static let versioned: Set<Substring> = [
        "tickets", "drafts", "texts", "rules", "teams", "webhooks", "incidents", "macros", "checklists", "members",
        "filters", "invitations",
    ]
    /// What a queue has once, or once for each language; whether a write is answered with what GET answers there.
    private static let ofQueue: [[Substring]: Bool] = [
        ["hours"]: true, ["rights"]: false, ["form"]: true, ["acknowledgements", ""]: true,
        ["form", "texts", ""]: false,
    ]

    package init() {}

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/api/v1/") else { return try await next(request, context) }
        let isWrite = [.patch, .put, .delete].contains(request.method)
        let answersItself = isWrite ? Self.answersItself(request.uri.path) : nil
        let takesTag = answersItself != nil
        if request.method != .get, !takesTag, let wanted = request.headers[.ifMatch], wanted != "*" {
            throw APIRefusal.noTagHere
        }
        var response = try await next(request, context)
        guard request.method == .get || answersItself == true else {
            // What is answered is not what lies at this address.
            response.headers[.eTag] = nil
            return response
        }
        guard request.method == .get, let tag = response.headers[.eTag],
            let known = request.headers[.ifNoneMatch], EntityTag.isNamed(tag, in: known)
        else { return response }
        response.headers[.contentType] = nil
        response.headers[.contentLength] = nil
        return Response(status: .notModified, headers: response.headers)
    }

    /// Nil where a write takes no tag.
    private static func answersItself(_ path: String) -> Bool? {
        let parts = path.split(separator: "/").dropFirst(2)
        guard let kind = parts.first else { return nil }
        if parts.count == 2 {
            return versioned.contains(kind) || Array(parts) == ["account", "notices"] ? true : nil
        }
        guard kind == "queues" else { return nil }
        let rest = Array(parts.dropFirst(2))
        return ofQueue[rest] ?? ofQueue[rest.dropLast() + [""]]
    }
}

/// Calls of the API are counted by token before anything is read for them.
package struct CallCounting: RouterMiddleware {
    package typealias Context = WebContext

    private let budget: CallBudget

    package init(_ budget: CallBudget) { self.budget = budget }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if request.uri.path.hasPrefix("/api/v1/"), let secret = BearerToken.secret(of: request),
            let seconds = budget.spend(secret)
        {
            throw APIRefusal.tooManyCalls(seconds)
        }
        return try await next(request, context)
    }
}

/// `Authorization: Bearer …`.
package enum BearerToken {
    package static func secret(of request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return header.dropFirst(7).trimmingCharacters(in: .whitespaces)
    }
}

/// A refusal of the API whose status or headers a `Failure` has no word for.
package struct APIRefusal: Error {
    let failure: Failure
    let status: HTTPResponse.Status
    var headers = HTTPFields()

    /// It looks otherwise than the caller thought.
    package static var changedMeanwhile: APIRefusal {
        APIRefusal(failure: Failure(.conflict, "error-changed-meanwhile"), status: .preconditionFailed)
    }

    static var noTagHere: APIRefusal {
        APIRefusal(failure: Failure(.conflict, "error-no-tag-here"), status: .preconditionFailed)
    }

    static func tooManyCalls(_ seconds: Int) -> APIRefusal {
        var refusal = APIRefusal(failure: Failure(.tooMany, "error-too-many"), status: .tooManyRequests)
        refusal.headers[.retryAfter] = String(seconds)
        return refusal
    }
}
