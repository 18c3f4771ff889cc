import Base
import Knowledge

/// Why a member is told of something.
package enum NoticeKind: String, Sendable, CaseIterable {
    /// A colleague named them in a note.
    case mention
    /// A ticket was given to them.
    case assigned
    /// A rule points them to a ticket, or it is proposed to them.
    case called
    /// A person wrote to a ticket they own or follow.
    case message
    /// A colleague answered a ticket they own or follow.
    case answer
    /// A colleague added a note to a ticket they own or follow.
    case note
    /// An answer of theirs, or on their ticket, did not arrive.
    case undeliverable
    /// A letter of theirs that was to go at a time was held.
    case held
    /// An answer to a ticket they own, or whose queue they keep, is due or overdue.
    case due
    /// A reply waits for their eyes.
    case review
    /// What became of a reply of theirs that was looked at.
    case reviewed
    /// A lead let a reply go without a review, with a reason.
    case released
    /// A reader thanked for an answer they had a part in.
    case thanks
    /// Somebody proposes a change of a text they own.
    case proposed
    /// What became of a change of a text they proposed.
    case proposal
    /// Many people write about the same thing: a group is proposed.
    case incident

    /// How it is told until the member chooses.
    package var usualWay: NoticeWay {
        switch self {
        case .mention, .assigned, .called, .undeliverable, .held, .due, .review, .reviewed, .released, .incident,
            .proposed,
            .proposal:
            .now
        case .message, .thanks: .digest
        case .answer, .note: .never
        }
    }
}

/// Whether a notice goes out by mail. On the page it is in any case.
package enum NoticeWay: String, Sendable, CaseIterable {
    case now, digest, never
}

/// How far the mail of a notice is.
enum NoticeMailState: String, Sendable {
    case none, now, digest, sent, dropped
}

/// Something a member is told of: ids and a kind, no words.
package struct Notice: Sendable, Equatable {
    package var id: ID
    package var member: ID
    package var kind: NoticeKind
    package var about: NoticeSubject
    package var actor: ID?
    package var message: ID?
    package var at: Milliseconds
    package var isRead: Bool

    package var ticket: ID? { if case .ticket(let id) = about { id } else { nil } }
    package var review: ID? { if case .review(let id) = about { id } else { nil } }
    package var text: ID? { if case .text(let id) = about { id } else { nil } }
}

extension Notice {
    /// The end of the key of its words: other ones where there is no ticket.
    var wording: String {
        switch about {
        case .ticket: kind.rawValue
        case .review, .text: kind == .proposed || kind == .proposal ? kind.rawValue : kind.rawValue + "-text"
        }
    }

    /// Where a mail leads.
    var path: String {
        switch about {
        case .ticket(let ticket): TicketPaths.show(ticket)
        case .review(let review): ReviewPaths.show(review)
        case .text(let text): KnowledgePaths.show(text)
        }
    }
}

/// What a notice is about; whoever may not see that is not told.
package enum NoticeSubject: Sendable, Hashable {
    case ticket(ID)
    /// One that belongs to no ticket: of a text by a link, of letters to several people.
    case review(ID)
    /// A text of knowledge.
    case text(ID)
}

/// What a member has chosen.
package struct NoticeSetting: Sendable, Equatable {
    package static let usualHour = 8

    package var ways: [NoticeKind: NoticeWay]
    /// 0 to 23, in the member's zone.
    package var digestHour: Int
    package var hidesReading: Bool

    package func way(_ kind: NoticeKind) -> NoticeWay { ways[kind] ?? kind.usualWay }
}
