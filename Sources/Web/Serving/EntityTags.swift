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

/// Under `/api/v1`: every JSON answer to GET bears an `ETag`; with `If-None-Match` what did not change is 304. A write
/// with `If-Match` goes on only where the thing itself decides about it; elsewhere it is 412, and not passed over.
package struct EntityTags: RouterMiddleware {
    package typealias Context = WebContext

    /// One of these can be written `If-Match`.
    private static let versioned: Set<Substring> = ["tickets", "drafts", "texts", "rules", "teams"]

    package init() {}

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/api/v1/") else { return try await next(request, context) }
        let parts = request.uri.path.split(separator: "/")
        let isOne = parts.count == 4 && Self.versioned.contains(parts[2])
        let takesTag = isOne && [.patch, .put, .delete].contains(request.method)
        if request.method != .get, !takesTag, let wanted = request.headers[.ifMatch], wanted != "*" {
            throw APIRefusal.noTagHere
        }
        let response = try await next(request, context)
        guard request.method == .get || takesTag, response.status == .ok,
            response.headers[.contentType] == "application/json"
        else { return response }
        let gathered = GatheringWriter()
        try await response.body.write(gathered)
        let tag = EntityTag.of(gathered.bytes)
        var told = response
        told.headers[.eTag] = tag
        let known = request.method == .get ? request.headers[.ifNoneMatch] : nil
        guard let known, EntityTag.isNamed(tag, in: known) else {
            told.body = ResponseBody(byteBuffer: ByteBuffer(bytes: gathered.bytes))
            return told
        }
        told.headers[.contentType] = nil
        told.headers[.contentLength] = nil
        return Response(status: .notModified, headers: told.headers)
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
