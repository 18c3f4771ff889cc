import Base
import Outbox
import Storage

/// After sending: taking back, sending again, settling a doubt.
extension Answering {
    /// Takes back what has not left. An answer's words and files are a draft again, and the ticket is as it was.
    package func undo(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        return try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            let isOwn = try message.author == viewer.memberID || ReviewStore.sent(id, by: viewer.memberID, in: db)
            guard let item = try stores.outbox.ofMessage(id, in: db), isOwn,
                let ticket = try stores.tickets.find(message.ticket, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            // Whom it has reached, or may have, has it.
            guard !item.recipients.contains(where: { $0.state == .accepted || $0.state == .inDoubt }) else {
                throw Failure(.conflict, "undo-too-late")
            }
            try stores.outbox.move(item.id, from: .queued, to: .cancelled, at: now, in: db)
            try stores.outbox.forgetMessage(item.id, in: db)
            try ReviewStore.noteTakenBack(message: id, in: db)
            let draft = try drafts.ofMessage(id, in: db)
            try InsertionStore.forget(message: id, in: db)
            try LineUseStore.forget(message: id, in: db)
            if let draft { try drafts.restore(draft, ticket: ticket.id, at: now, in: db) }
            try stores.index.remove(message: id, in: db)
            try stores.messages.delete(id, in: db)
            try stores.tickets.forgetMessage(of: ticket.id, in: db)
            try putBack(ticket, draft, by: viewer, at: now, in: db)
            let event = Event(
                "send-undone", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
    }

    /// The state from before, unless somebody has changed it since.
    private func putBack(
        _ ticket: Ticket, _ draft: Draft?, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard let draft, let before = draft.stateBefore, ticket.state.rawValue == draft.content.then.rawValue else {
            return
        }
        let state = before == .answered && ticket.messageCount <= 1 ? TicketState.open : before
        try stores.tickets.setState(state, of: ticket, actor: viewer.memberID, at: at, in: db)
    }

    /// Sends again what failed or is in doubt, to those it has not reached, under the same Message-ID.
    package func resend(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        let ticket = try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            guard let ticket = try stores.tickets.find(message.ticket, in: db), viewer.may(.send, queue: ticket.queue),
                let item = try stores.outbox.ofMessage(id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            guard item.state == .failed || item.state == .inDoubt else { throw Failure(.conflict, "error-conflict") }
            try stores.outbox.move(item.id, from: item.state, to: .queued, at: now, in: db)
            for recipient in item.recipients where recipient.state == .refused || recipient.state == .inDoubt {
                try stores.outbox.setRecipient(
                    recipient.address, of: item.id, state: .waiting, reply: "", at: now, in: db)
            }
            try stores.jobs.add(Self.dispatchJob, subject: item.id, in: db)
            let event = Event(
                "mail-resent", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
        alarm.ring()
        return ticket
    }

    /// A person found out that a mail in doubt did arrive.
    package func settle(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        return try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            guard let ticket = try stores.tickets.find(message.ticket, in: db), viewer.may(.send, queue: ticket.queue),
                let item = try stores.outbox.ofMessage(id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            try stores.outbox.move(item.id, from: .inDoubt, to: .handedOver, at: now, in: db)
            for recipient in item.recipients where recipient.state == .inDoubt {
                try stores.outbox.setRecipient(
                    recipient.address, of: item.id, state: .accepted, reply: recipient.reply, at: now, in: db)
            }
            try stores.facts.noteAnswer(ticket: ticket.id, at: now, in: db)
            let event = Event(
                "mail-settled", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
    }
}
