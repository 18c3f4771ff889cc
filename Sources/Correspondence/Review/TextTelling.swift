import Base
import Jobs
import Mail
import Storage
import Web

/// Tells colleagues without a seat by mail what became of their text. The table `text_told`.
///
/// 1. They leave an address on the page of their text. One mail asks that address whether it wants to be told, with
///    our words and a link made for this text and this address; nothing else goes there before it said yes.
/// 2. After that a mail goes out when the text came back or was approved: our words and links, nothing of theirs.
/// 3. The same link ends it. Nothing is sent of queues that are not live; an address gets two questions a day at most.
package struct TextTelling: Sendable {
    package static let askJob = "text-told-ask"
    package static let tellJob = "text-told"

    package typealias Post = @Sendable (NoticeMailing.Letter, Milliseconds, any Connection) throws -> Void

    let store: TextToldStore
    private let database: Database
    private let stores: Filing.Stores
    private let key: InstanceKey
    private let publicURL: String
    private let clock: Clock
    private let translate: @Sendable (_ language: String) -> Translate
    private let post: Post

    package init(
        database: Database, stores: Filing.Stores, ids: IDMaker, key: InstanceKey, publicURL: String, clock: Clock,
        translate: @escaping @Sendable (_ language: String) -> Translate, post: @escaping Post
    ) {
        self.database = database
        self.stores = stores
        self.key = key
        self.publicURL = publicURL
        self.clock = clock
        self.translate = translate
        self.post = post
        store = TextToldStore(ids: ids, key: key)
    }

    /// Asks the address; a second run, or one after the answer, does nothing.
    package func ask(_ job: Job) async throws {
        let now = clock.now()
        try await database.write { db in
            try stores.jobs.finish(job, in: db)
            guard let (told, review) = try owed(job.subject, in: db), told.provenAt == nil,
                try store.answers.spend(.unasked, told.address, queue: review.queue, at: now, in: db)
            else { return }
            let words = translate(told.language)
            let text = words("review-told-mail-ask", [link(told)])
            try post(letter(told, words("review-told-mail-ask-subject", []), text), now, db)
        }
    }

    /// Says what became of the text as it stands now.
    package func tell(_ job: Job) async throws {
        let now = clock.now()
        try await database.write { db in
            try stores.jobs.finish(job, in: db)
            guard let (told, review) = try owed(job.subject, in: db), told.provenAt != nil,
                [.returned, .approved, .released].contains(review.state)
            else { return }
            let words = translate(told.language)
            let page = publicURL + ReviewPaths.requestedText(TextReference(.text, review.id).text(key))
            let text = [
                words("review-told-mail-\(review.state.rawValue)", []), page, "", words("review-told-mail-stop", []),
                link(told),
            ].joined(separator: "\n")
            try post(letter(told, words("review-told-mail-subject", []), text), now, db)
        }
    }

    private func owed(_ id: ID, in db: any Connection) throws -> (TextToldStore.Told, Review)? {
        let reviews = ReviewStore(ids: stores.tickets.ids)
        guard let told = try TextToldStore.find(id, in: db), let review = try reviews.find(id, in: db),
            try stores.queues.require(review.queue, in: db).mode == .live
        else { return nil }
        return (told, review)
    }

    private func link(_ told: TextToldStore.Told) -> String {
        publicURL + ReviewPaths.told(store.reference(told)) + "?language=\(told.language)"
    }

    private func letter(
        _ told: TextToldStore.Told, _ subject: String, _ text: String
    ) -> NoticeMailing.Letter {
        NoticeMailing.Letter(to: told.address, subject: subject, text: text, language: told.language)
    }
}

/// The table `text_told`.
struct TextToldStore: Sendable {
    struct Told: Sendable, Equatable {
        var review: ID
        var address: String
        var language: String
        var provenAt: Milliseconds?
    }

    let ids: IDMaker
    let key: InstanceKey

    /// Two questions a day to an address, together with what else answers by itself.
    var answers: AutomaticAnswers { AutomaticAnswers(ids: ids, key: key) }

    static func find(_ review: ID, in db: any Connection) throws -> Told? {
        try db.first("SELECT * FROM text_told WHERE review_id = \(review)").map {
            Told(
                review: try $0.int("review_id"), address: try $0.text("address"), language: try $0.text("language"),
                provenAt: try $0.optionalInt("proven_at"))
        }
    }

    /// Throws `invalid` for what is no address, or one of our own.
    static func require(_ text: String, _ queues: QueueStore, in db: any Connection) throws -> String {
        let address = EmailAddress.folded(text)
        guard EmailAddress.isPlausible(address), address.utf8.count <= 254,
            try queues.find(recipient: address, in: db) == nil
        else { throw Failure(.invalid, "form-address-wrong") }
        return address
    }

    /// Another address takes the place of the former one and is asked anew.
    func set(
        _ address: String, language: String, of review: ID, jobs: JobStore, at: Milliseconds, in db: any Connection
    ) throws {
        if let known = try Self.find(review, in: db), known.address == address { return }
        try db.execute("DELETE FROM text_told WHERE review_id = \(review)")
        try db.execute(
            """
            INSERT INTO text_told (review_id, address, language, asked_at, proven_at)
            VALUES (\(review), \(address), \(language), \(at), NULL)
            """)
        try jobs.add(TextTelling.askJob, subject: review, in: db)
    }

    /// The address said yes; false where it had already.
    func prove(_ told: Told, at: Milliseconds, in db: any Connection) throws -> Bool {
        try db.execute(
            """
            UPDATE text_told SET proven_at = \(at)
            WHERE review_id = \(told.review) AND address = \(told.address) AND proven_at IS NULL
            """) == 1
    }

    func end(_ told: Told, in db: any Connection) throws {
        try db.execute("DELETE FROM text_told WHERE review_id = \(told.review) AND address = \(told.address)")
    }

    // MARK: - The link

    /// Made for this text and this address: who left another address cannot make it.
    func reference(_ told: Told) -> String {
        key.reference("\(told.review)", for: "text-told", over: "\(told.review) \(told.address)")
    }

    func find(reference: String, in db: any Connection) throws -> Told? {
        guard let id = ID(String(reference.prefix { $0 != "-" })), let told = try Self.find(id, in: db) else {
            return nil
        }
        return ConstantTime.equal(self.reference(told), reference) ? told : nil
    }
}
