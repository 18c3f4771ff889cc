import Base
import Storage

/// A look by a second person at something that is to leave, or has left.
package struct Review: Sendable, Equatable {
    /// A reply that is written; letters to several people; a text of a colleague without a seat; a mail that has left,
    /// drawn by lot for learning.
    package enum Kind: String, Sendable { case draft, round, text, sample }

    /// submitted → returned | approved | released | taken-over | withdrawn; returned → submitted;
    /// approved, released → sent; sent → submitted or approved (taken back). A sample ends as `seen`.
    package enum State: String, Sendable {
        case submitted, returned, approved, released, sent, withdrawn, seen
        case takenOver = "taken-over"

        /// Whether something is still to come.
        package var isOpen: Bool { [.submitted, .returned, .approved, .released].contains(self) }
    }

    /// Why it is looked at.
    package enum Reason: String, Sendable, CaseIterable { case trainee, label, queue, asked, sample, link }

    /// Whom it waits for: those who know the language, everybody who approves here, the leads.
    package enum Stage: Int, Sendable { case language, queue, leads }

    package var id: ID
    package var kind: Kind
    /// Where it is now; a ticket may have moved since.
    package var queue: ID
    package var ticket: ID?
    package var draft: ID?
    package var message: ID?
    package var round: ID?
    /// Whose work it is; nil where it is a colleague's without a seat.
    package var writer: ID?
    package var submittedBy: ID?
    /// Asked by name.
    package var reviewer: ID?
    package var language: String?
    package var state: State
    package var reasons: [Reason]
    /// Of exactly what was submitted.
    package var hash: String
    /// What the writer says to the reviewer.
    package var note: String
    package var verdictBy: ID?
    /// Why it was released or taken over.
    package var verdict: String
    package var sentBy: ID?
    package var stage: Stage
    /// Of the version; the first is 1.
    package var number: Int
    package var returns: Int
    package var submittedAt: Milliseconds
    package var dueAt: Milliseconds
    package var decidedAt: Milliseconds?

    /// Whether it must be looked at, and is not only asked for.
    package var isNeeded: Bool { reasons.contains { $0 != .asked && $0 != .sample } }

    /// One submission's words.
    package struct Version: Sendable, Equatable {
        package var number: Int
        package var recipients: String
        package var subject: String
        package var text: String
        package var at: Milliseconds
    }

    /// What a reviewer says, of a passage or, where that is empty, of the whole.
    package struct Comment: Sendable, Equatable {
        package var id: ID
        package var number: Int
        package var passage: String
        package var text: String
        package var member: ID
        package var at: Milliseconds
        /// The writer lets others learn from it.
        package var isLesson: Bool
    }

    /// A comment to be made.
    package struct Remark: Sendable, Equatable {
        package var passage: String
        package var text: String

        package init(passage: String = "", text: String) {
            self.passage = passage
            self.text = text
        }
    }
}

/// What an approval binds: recipients, subject, text and attachments. Any change makes another hash.
package enum ReviewHash {
    struct File: Sendable {
        var filename: String
        var contentType: String
        var sha256: String
    }

    static func of(_ content: Draft.Content, kind: String, files: [File]) -> String {
        let parts = [
            JSONText.quote(kind), JSONText.array(content.to.map { JSONText.quote($0) }),
            JSONText.array(content.cc.map { JSONText.quote($0) }), JSONText.quote(content.from),
            JSONText.quote(content.subject), JSONText.quote(content.text), content.hasSignature ? "true" : "false",
            JSONText.array(
                files.map {
                    JSONText.array([
                        JSONText.quote($0.filename), JSONText.quote($0.contentType), JSONText.quote($0.sha256),
                    ])
                }),
        ]
        return Hex.encode(SHA256Digest.of(JSONText.array(parts)))
    }

    /// Of what is stored now.
    static func of(_ draft: Draft, in db: any Connection) throws -> String {
        let rows = try db.rows(
            """
            SELECT draft_file.filename, draft_file.content_type, raw.sha256
            FROM draft_file JOIN raw ON raw.id = draft_file.raw_id
            WHERE draft_file.draft_id = \(draft.id) ORDER BY draft_file.id
            """)
        let files = try rows.map {
            File(
                filename: try $0.text("filename"), contentType: try $0.text("content_type"),
                sha256: Hex.encode(try $0.bytes("sha256")))
        }
        return of(draft.content, kind: draft.kind.rawValue, files: files)
    }

    /// Of what is about to be sent: the bytes themselves.
    static func of(_ prepared: PreparedLetter) -> String {
        let files = prepared.files.map {
            File(
                filename: $0.filename, contentType: $0.contentType, sha256: Hex.encode(SHA256Digest.of($0.bytes)))
        }
        return of(prepared.draft.content, kind: prepared.draft.kind.rawValue, files: files)
    }

    static func of(_ text: String, subject: String) -> String {
        Hex.encode(SHA256Digest.of(JSONText.array([JSONText.quote(subject), JSONText.quote(text)])))
    }
}
