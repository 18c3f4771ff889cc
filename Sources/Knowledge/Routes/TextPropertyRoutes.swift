import Base
import Foundation
import Hummingbird
import People
import Storage
import Text
import Web

/// Who a text is for, whose it is, its topic, tags, review day and embargo.
package struct TextPropertyRoutes: Sendable {
    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.properties.route) { _, context in try await show(context, problem: nil) }
        signedIn.post(KnowledgePaths.properties.route, use: change)
    }

    private func show(_ context: SignedInContext, problem: Failure?) async throws -> Response {
        let id = try context.requireID()
        let (viewer, zone) = (context.viewer, library.zone(of: context))
        let page = try await library.database.read { [library] db in
            let text = try library.store.requireChangeable(id, by: viewer, in: db)
            let properties = try library.store.properties(of: text, in: db)
            let members = try library.members.all(in: db).filter { !$0.isDisabled || $0.id == properties.owner }
            let topics = try TextList().counts(visibleTo: viewer, in: db).topics.map(\.name)
            return TextPropertiesPage(
                name: text.title, textPath: KnowledgePaths.show(id), path: KnowledgePaths.properties(id),
                audiences: TextAudience.allCases.map {
                    Choice(
                        $0.rawValue, Phrase("knowledge-audience-\($0.rawValue)-about"),
                        isSelected: $0 == properties.audience)
                },
                teams: try library.teams.all(in: db).map {
                    Choice(String($0.id), .verbatim($0.name), isSelected: properties.teams.contains($0.id))
                },
                queues: try library.queues(viewer, db).map {
                    Choice(String($0.id), .verbatim($0.name), isSelected: properties.queues.contains($0.id))
                },
                owners: members.map {
                    Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == properties.owner)
                }, topic: properties.topic, topics: topics, tags: properties.tags.joined(separator: ", "),
                review: properties.reviewAt.map { String(ISO8601.string($0).prefix(10)) } ?? "",
                embargo: FormMoment.text(properties.embargoUntil, zone: zone), slug: text.slug,
                problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        }
        return library.site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = library.clock.now()
        do {
            try await library.database.write { [library] db in
                let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
                let properties = try Self.properties(form, text, context, library, in: db)
                try library.store.setProperties(properties, of: text, by: context.viewer.memberID, at: now, in: db)
            }
            return library.site.redirect(KnowledgePaths.show(id) + "?notice=changed")
        } catch let failure as Failure
            where failure.messageKey != "knowledge-not-yours"
            && TextEditRoutes.isForPeople(failure)
        {
            return try await show(context, problem: failure)
        }
    }

    /// Places one does not see stay as they are: nobody takes away what they cannot look at.
    private static func properties(
        _ form: Form, _ text: KnowledgeText, _ context: SignedInContext, _ library: Library, in db: any Connection
    ) throws -> TextProperties {
        let before = try library.store.places(of: text.id, in: db)
        let seen = Set(try library.queues(context.viewer, db).map(\.id))
        let queues =
            form.all("queue").compactMap { ID($0) }.filter { seen.contains($0) }
            + before.queues.filter { !seen.contains($0) }
        let known = Set(try library.teams.all(in: db).map(\.id))
        let owner = ID(form["owner"]) ?? text.owner
        let member = try library.members.require(owner, in: db)
        guard !member.isDisabled || owner == text.owner else { throw Failure(.invalid, "error-invalid") }
        let review = form.trimmed("review")
        let reviewAt = Placeholder.day(review)
        guard review.isEmpty || reviewAt != nil else {
            throw Failure(.invalid, "knowledge-day-wrong", arguments: [String(review.prefix(40))])
        }
        let embargo = form.trimmed("embargo")
        return TextProperties(
            audience: TextAudience(rawValue: form["audience"]) ?? text.audience,
            teams: form.all("team").compactMap { ID($0) }.filter { known.contains($0) }, queues: queues, owner: owner,
            topic: form.trimmed("topic"), tags: form["tags"].split { $0 == "," || $0 == "\n" }.map(String.init),
            reviewAt: reviewAt,
            embargoUntil: try embargo.isEmpty ? nil : FormMoment.require(embargo, zone: library.zone(of: context)))
    }
}
