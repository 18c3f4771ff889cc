import Base
import Jobs
import Storage

extension Writing {
    /// One attempt at a round; people who have their letter are passed over.
    package func run(_ job: Job) async throws {
        let begun = try await answering.database.write { [answering, rounds] db -> (Round, Viewer)? in
            guard try answering.stores.jobs.holds(job, in: db), let round = try rounds.find(job.subject, in: db),
                round.state == .waiting || round.state == .going
            else { return nil }
            if round.state == .waiting { try rounds.move(round.id, from: .waiting, to: .going, in: db) }
            let member = try answering.members.require(round.author, in: db)
            let nobody = Viewer(memberID: member.id, isAdministrator: false, rights: [:])
            return (round, try member.isDisabled ? nobody : answering.members.viewer(member, in: db))
        }
        if let (round, viewer) = begun {
            let (people, files) = try await answering.database.read { [rounds] db in
                (try rounds.people(of: round.id, in: db), try rounds.files(of: round.id, in: db))
            }
            for person in people where !person.isSent && person.problem.isEmpty {
                try await send(round, to: person, files, by: viewer)
            }
            try await answering.database.write { [rounds] db in
                try rounds.move(round.id, from: .going, to: .done, in: db)
            }
        }
        try await answering.database.write { [answering] db in try answering.stores.jobs.finish(job, in: db) }
    }

    /// Opens the person's ticket unless an earlier attempt did, and sends the draft unless an earlier attempt did.
    private func send(_ round: Round, to person: Round.Person, _ files: [DraftFile], by viewer: Viewer) async throws {
        var person = person
        do {
            if person.ticket == nil { person.ticket = try await openTicket(round, person, files, by: viewer) }
            if let ticket = person.ticket {
                let draft = try await answering.database.read { [answering] db in
                    try answering.drafts.find(ticket: ticket, author: viewer.memberID, in: db)
                }
                if let draft {
                    try await answering.excuse(draft.id, because: round.because, by: viewer)
                    _ = try await answering.send(draft: draft.id, by: viewer)
                }
            }
            person.isSent = true
        } catch let failure as Failure where !failure.isTemporary && failure.code != .internal {
            person.problem = failure.messageKey
        }
        let settled = person
        try await answering.database.write { [rounds] db in try rounds.setPerson(settled, of: round.id, in: db) }
    }

    private func openTicket(
        _ round: Round, _ person: Round.Person, _ files: [DraftFile], by viewer: Viewer
    ) async throws -> ID {
        var content = Draft.Content(to: [person.address], cc: [], subject: round.subject, text: round.text)
        content.from = round.from
        content.hasSignature = round.hasSignature
        return try await open(content, files: files, queue: round.queue, by: viewer) { [rounds] ticket, db in
            var opened = person
            opened.ticket = ticket
            try rounds.setPerson(opened, of: round.id, in: db)
        }.ticket
    }
}
