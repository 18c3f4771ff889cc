import Base
import Mail
import Storage

/// Takes what somebody wrote in a form and lets it in as mail, by the same steps as all mail.
package struct Submitting: Sendable {
    package struct Content: Sendable {
        package var name: String
        package var address: String
        package var subject: String
        package var text: String
        package var files: [OutgoingAttachment]

        package init(name: String, address: String, subject: String, text: String, files: [OutgoingAttachment]) {
            self.name = name
            self.address = EmailAddress.folded(address)
            self.subject = subject
            self.text = text
            self.files = files
        }
    }

    static let longestText = 100_000
    static let mostFiles = 10

    private let database: Database
    private let intake: Intake
    private let stores: Filing.Stores
    private let forms: FormStore
    private let ids: IDMaker
    private let random: Randomness
    private let clock: Clock

    package init(
        database: Database, intake: Intake, stores: Filing.Stores, forms: FormStore, ids: IDMaker, random: Randomness,
        clock: Clock
    ) {
        self.database = database
        self.intake = intake
        self.stores = stores
        self.forms = forms
        self.ids = ids
        self.random = random
        self.clock = clock
    }

    /// Durable when it returns. `invalid` names what is wrong, `tooMany` is a flood.
    package func submit(_ content: Content, to form: PublicForm, language: String, network: String) async throws -> ID {
        try Self.validate(content)
        let now = clock.now()
        let submission = Submission(
            id: try ids.make(), queue: form.queue.id, address: content.address, name: content.name,
            language: language, createdAt: now)
        let mail = try compose(content, queue: form.queue, answering: nil, at: now)
        try await database.write { [forms] db in
            try forms.spend(network: network, queue: form.queue.id, at: now, in: db)
            try forms.add(submission, in: db)
            try forms.addMessage(headerID: mail.headerID, to: submission.id, in: db)
        }
        try await accept(mail.bytes, queue: form.queue, address: content.address, at: now)
        return submission.id
    }

    /// More words for what was sent before.
    package func add(_ text: String, files: [OutgoingAttachment], to submission: Submission, network: String)
        async throws
    {
        let now = clock.now()
        let (queue, first) = try await database.read { [stores, forms] db in
            (try stores.queues.require(submission.queue, in: db), try forms.messages(of: submission.id, in: db).first)
        }
        guard let first else { throw Failure(.unavailable, "form-not-filed") }
        let content = Content(
            name: submission.name, address: submission.address, subject: first.subject, text: text, files: files)
        try Self.validate(content)
        let mail = try compose(content, queue: queue, answering: first.headerID, at: now)
        try await database.write { [forms] db in
            try forms.spend(network: network, queue: queue.id, at: now, in: db)
            try forms.addMessage(headerID: mail.headerID, to: submission.id, in: db)
        }
        try await accept(mail.bytes, queue: queue, address: submission.address, at: now)
    }

    private func accept(_ bytes: [UInt8], queue: Queue, address: String, at: Milliseconds) async throws {
        _ = try await intake.accept(
            Delivery(
                queue: queue.id, sender: address, recipient: queue.address ?? "", source: .form, receivedAt: at,
                content: .memory(bytes)))
    }

    private static func validate(_ content: Content) throws(Failure) {
        guard EmailAddress.isPlausible(content.address) else { throw Failure(.invalid, "form-address-wrong") }
        guard content.text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw Failure(.invalid, "form-text-missing")
        }
        guard content.text.utf8.count <= longestText * 4, content.text.count <= longestText else {
            throw Failure(.tooLarge, "form-text-long")
        }
        guard content.files.count <= mostFiles else { throw Failure(.invalid, "form-files-many") }
    }

    private func compose(
        _ content: Content, queue: Queue, answering: String?, at: Milliseconds
    ) throws -> (bytes: [UInt8], headerID: String) {
        let address = queue.address ?? "form@invalid.invalid"
        let domain = EmailAddress.parts(address)?.domain ?? "invalid.invalid"
        let headerID = "form.\(random.reference(byteCount: 18))@\(domain)"
        let subject = Self.line(content.subject, most: 200)
        var mail = OutgoingMessage(
            from: MailAddress(name: Self.line(content.name, most: 100), address: content.address),
            to: [MailAddress(name: queue.displayName, address: address)], subject: subject, date: at,
            messageID: headerID, text: content.text)
        if let answering {
            mail.inReplyTo = [answering]
            mail.references = [answering]
        }
        mail.attachments = content.files.map {
            OutgoingAttachment(
                filename: Self.line($0.filename, most: 200), contentType: $0.contentType, bytes: $0.bytes)
        }
        return (try MessageComposer.compose(mail), headerID)
    }

    /// One line without control characters.
    private static func line(_ text: String, most: Int) -> String {
        let scalars = text.unicodeScalars.prefix(most).map { scalar -> Unicode.Scalar in
            let isBad =
                scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
            return isBad ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
    }
}
