import Base
import People
import Storage

/// Somebody whose replies are all looked at, until the lead says that they need not be.
package struct Trainee: Sendable, Equatable {
    package var queue: ID
    package var member: ID
    package var since: Milliseconds
    /// Replies approved without a return since then, and how many it takes.
    package var approved: Int
    package var needed: Int

    package var isReady: Bool { approved >= needed }
}

extension ReviewRules {
    package func isTrainee(_ member: ID, queue: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM trainee WHERE queue_id = \(queue) AND member_id = \(member) AND freed_at IS NULL
            """) != nil
    }

    /// Who is in training in a queue, by name.
    package func trainees(of queue: ID, in db: any Connection) throws -> [Trainee] {
        try read(
            try db.rows(
                """
                SELECT trainee.* FROM trainee JOIN member ON member.id = trainee.member_id
                WHERE trainee.queue_id = \(queue) AND trainee.freed_at IS NULL ORDER BY member.name, member.id
                """), in: db)
    }

    /// Where a member is in training.
    package func trainings(of member: ID, in db: any Connection) throws -> [Trainee] {
        try read(
            try db.rows(
                "SELECT * FROM trainee WHERE member_id = \(member) AND freed_at IS NULL ORDER BY queue_id"), in: db)
    }

    private func read(_ rows: [Row], in db: any Connection) throws -> [Trainee] {
        try rows.map { row in
            let (queue, member) = (try row.int("queue_id"), try row.int("member_id"))
            let since = try row.int("since")
            let approved = try db.int(
                """
                SELECT COUNT(*) AS n FROM review WHERE writer_id = \(member) AND queue_id = \(queue)
                    AND kind = 'draft' AND state IN ('approved', 'sent') AND verdict_by IS NOT NULL AND verdict = ''
                    AND returns = 0 AND submitted_at >= \(since)
                """)
            return Trainee(
                queue: queue, member: member, since: since, approved: Int(approved),
                needed: try rule(of: queue, in: db).trainingCount)
        }
    }

    /// Refused where there is nobody to look at what they write.
    package func beginTraining(
        of member: ID, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        guard try members.members(with: .draft, queue: queue, in: db).contains(where: { $0.id == member }) else {
            throw Failure(.invalid, "review-trainee-cannot-write")
        }
        let others = try reviewers(of: queue, language: nil, in: db).filter { $0.id != member }
        guard !others.isEmpty else { throw Failure(.refused, "review-trainee-alone") }
        guard try !isTrainee(member, queue: queue, in: db) else { return }
        try requireRule(of: queue, without: member, in: db)
        try db.execute("DELETE FROM trainee WHERE queue_id = \(queue) AND member_id = \(member)")
        try db.execute(
            """
            INSERT INTO trainee (queue_id, member_id, since, made_by, freed_at, freed_by)
            VALUES (\(queue), \(member), \(at), \(viewer.memberID), NULL, NULL)
            """)
        try events.add(
            Event("training-begun", actor: viewer.memberID, queue: queue, subject: member), at: at, in: db)
    }

    /// Who is in training reviews nothing: the rule must still be one that two people can fulfil.
    private func requireRule(of queue: ID, without member: ID, in db: any Connection) throws {
        let rule = try rule(of: queue, in: db)
        if rule.needsAll || !rule.labels.isEmpty {
            let others = try reviewers(of: queue, language: nil, in: db).filter { $0.id != member }
            guard others.count >= 2 else { throw Failure(.refused, "review-rule-too-few") }
        }
        for language in rule.languages {
            guard try speakers(of: language, queue: queue, in: db).filter({ $0.id != member }).count >= 2 else {
                throw Failure(.refused, "review-rule-too-few-language", arguments: [language])
            }
        }
    }

    /// The lead's word, once enough was approved without a return.
    package func free(
        _ member: ID, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        guard viewer.memberID != member else { throw Failure(.refused, "review-trainee-own") }
        guard let trainee = try trainees(of: queue, in: db).first(where: { $0.member == member }) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard trainee.isReady else { throw Failure(.refused, "review-trainee-early") }
        try db.executeOne(
            """
            UPDATE trainee SET freed_at = \(at), freed_by = \(viewer.memberID)
            WHERE queue_id = \(queue) AND member_id = \(member) AND freed_at IS NULL
            """)
        try events.add(
            Event("training-ended", actor: viewer.memberID, queue: queue, subject: member), at: at, in: db)
    }
}
