import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// `/api/v1`: reviews of drafts. The same steps as the pages', with the same refusals.
package struct APIReviewRoutes: Sendable {
    private let desk: Desk
    private let access: APIAccess
    private let idempotency: IdempotencyStore

    package init(desk: Desk, access: APIAccess, idempotency: IdempotencyStore) {
        self.desk = desk
        self.access = access
        self.idempotency = idempotency
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/reviews") { request, _ in try await waiting(request) }
        api.get("/drafts/:id/review") { request, context in
            let caller = try await APICaller.require(request, access)
            return APIRoutes.json(try await value(ofDraft: try context.requireID(), caller))
        }
        api.post("/drafts/:id/review") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { input, caller in
                let wish = Reviewing.Wish(
                    note: try input.optionalText("note") ?? "",
                    reviewer: try input.optionalText("reviewer").flatMap { ID($0) })
                try await desk.answering.excuse(id, because: try input.optionalText("because") ?? "", by: caller.viewer)
                try await desk.reviewing.submit(draft: id, wish, by: caller.viewer)
                return try await value(ofDraft: id, caller)
            }
        }
        api.delete("/drafts/:id/review") { request, context in
            let caller = try await APICaller.require(request, access)
            try caller.requireWriting()
            let review = try await review(ofDraft: try context.requireID(), caller)
            try await desk.reviewing.withdraw(review.id, by: caller.viewer)
            return Response(status: .noContent)
        }
        addVerdicts(to: api)
    }

    private func addVerdicts(to api: RouterGroup<WebContext>) {
        api.post("/drafts/:id/review/approval") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { input, caller in
                let review = try await review(ofDraft: id, caller)
                let message = try await desk.reviewing.approve(
                    review.id, number: try input.optionalInt("number") ?? 0,
                    sends: try input.optionalBool("send") ?? false,
                    by: caller.viewer)
                return try await value(review.id, caller, message: message)
            }
        }
        api.post("/drafts/:id/review/release") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { input, caller in
                let review = try await review(ofDraft: id, caller)
                let message = try await desk.reviewing.release(
                    review.id, number: try input.optionalInt("number") ?? 0, why: try input.optionalText("why") ?? "",
                    sends: try input.optionalBool("send") ?? false, by: caller.viewer)
                return try await value(review.id, caller, message: message)
            }
        }
        api.post("/drafts/:id/review/return") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { input, caller in
                let review = try await review(ofDraft: id, caller)
                let remark = Review.Remark(
                    passage: try input.optionalText("passage") ?? "", text: try input.requireText("comment"))
                try await desk.reviewing.giveBack(
                    review.id, number: try input.optionalInt("number") ?? 0, [remark], by: caller.viewer)
                return try await value(review.id, caller)
            }
        }
        api.post("/drafts/:id/review/taking-over") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { input, caller in
                let review = try await review(ofDraft: id, caller)
                _ = try await desk.reviewing.takeOver(
                    review.id, number: try input.optionalInt("number") ?? 0, why: try input.optionalText("why") ?? "",
                    by: caller.viewer)
                return try await value(review.id, caller)
            }
        }
    }

    private func write(
        _ request: Request, status: Int, _ body: @Sendable (APIInput, APICaller) async throws -> String
    ) async throws -> Response {
        try await APIWriting(database: desk.database, access: access, idempotency: idempotency, clock: desk.clock).run(
            request, status: status, body)
    }

    // MARK: - Reading

    private func waiting(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let items = try await desk.database.read { [desk] db in
            try desk.reviews.waiting(for: caller.viewer, in: db).map { line in
                Self.json(line.review, [], message: nil, isOnHold: line.isOnHold)
            }
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    private func review(ofDraft id: ID, _ caller: APICaller) async throws -> Review {
        try await desk.database.read { [desk] db in
            guard let review = try desk.reviews.ofDraft(id, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            return try desk.reviews.require(review.id, visibleTo: caller.viewer, in: db)
        }
    }

    private func value(ofDraft id: ID, _ caller: APICaller) async throws -> String {
        try await value(try await review(ofDraft: id, caller).id, caller)
    }

    private func value(_ id: ID, _ caller: APICaller, message: ID? = nil) async throws -> String {
        let (review, comments) = try await desk.database.read { [desk] db in
            (
                try desk.reviews.require(id, visibleTo: caller.viewer, in: db),
                try desk.reviews.comments(of: id, in: db)
            )
        }
        if let ticket = review.ticket { try await desk.noteOpened(.ticket, of: [ticket], by: caller.viewer) }
        return Self.json(review, comments, message: message ?? review.message, isOnHold: nil)
    }

    private static func json(
        _ review: Review, _ comments: [Review.Comment], message: ID?, isOnHold: Bool?
    ) -> String {
        func optional(_ id: ID?) -> String { id.map { APIValues.id($0) } ?? "null" }
        var members = [
            ("id", APIValues.id(review.id)), ("kind", JSONText.quote(review.kind.rawValue)),
            ("ticket", optional(review.ticket)), ("draft", optional(review.draft)), ("message", optional(message)),
            ("writer", optional(review.writer)), ("reviewer", optional(review.reviewer)),
            ("state", JSONText.quote(review.state.rawValue)),
            ("reasons", JSONText.array(review.reasons.map { JSONText.quote($0.rawValue) })),
            ("number", String(review.number)), ("note", JSONText.quote(review.note)),
            ("verdictBy", optional(review.verdictBy)), ("why", JSONText.quote(review.verdict)),
            ("submittedAt", JSONText.quote(ISO8601.string(review.submittedAt))),
            ("dueAt", JSONText.quote(ISO8601.string(review.dueAt))),
            (
                "comments",
                JSONText.array(
                    comments.map {
                        JSONText.object([
                            ("passage", JSONText.quote($0.passage)), ("text", JSONText.quote($0.text)),
                            ("member", APIValues.id($0.member)), ("at", JSONText.quote(ISO8601.string($0.at))),
                        ])
                    })
            ),
        ]
        if let isOnHold { members.append(("onHold", isOnHold ? "true" : "false")) }
        return JSONText.object(members)
    }
}
