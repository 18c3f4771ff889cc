import Storage

extension Schema {
    /// Reviews before sending, who is in training, what left by whose word, texts sent for review by a link.
    static let review = Migration(
        "0017_review",
        [
            """
            CREATE TABLE review_setting (
                queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), needs_all INT NOT NULL,
                languages TEXT NOT NULL, labels TEXT NOT NULL, sample_percent INT NOT NULL, due_minutes INT NOT NULL,
                training_count INT NOT NULL)
            """,
            """
            CREATE TABLE trainee (
                queue_id INT NOT NULL REFERENCES queue (id), member_id INT NOT NULL REFERENCES member (id),
                since INT NOT NULL, made_by INT NOT NULL, freed_at INT, freed_by INT,
                PRIMARY KEY (queue_id, member_id))
            """,
            "CREATE INDEX trainee_member ON trainee (member_id)",
            // Everybody who changed a draft: none of them approves it.
            """
            CREATE TABLE draft_writing (
                draft_id INT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
                member_id INT NOT NULL REFERENCES member (id), PRIMARY KEY (draft_id, member_id))
            """,
            // The draft goes when its mail has left; the review stays.
            """
            CREATE TABLE review (
                id ID, kind TEXT NOT NULL, queue_id INT NOT NULL REFERENCES queue (id),
                ticket_id INT REFERENCES ticket (id) ON DELETE CASCADE, draft_id INT, message_id INT,
                round_id INT, writer_id INT REFERENCES member (id), submitted_by INT REFERENCES member (id),
                reviewer_id INT REFERENCES member (id), language TEXT, state TEXT NOT NULL, reasons TEXT NOT NULL,
                hash TEXT NOT NULL, note TEXT NOT NULL, verdict_by INT REFERENCES member (id), verdict TEXT NOT NULL,
                sent_by INT, stage INT NOT NULL, number INT NOT NULL, returns INT NOT NULL,
                submitted_at INT NOT NULL, due_at INT NOT NULL, decided_at INT)
            """,
            "CREATE INDEX review_waiting ON review (id) WHERE state = 'submitted' AND kind <> 'sample'",
            "CREATE INDEX review_samples ON review (id) WHERE state = 'submitted' AND kind = 'sample'",
            "CREATE INDEX review_released ON review (id) WHERE verdict <> ''",
            "CREATE INDEX review_draft ON review (draft_id) WHERE draft_id IS NOT NULL",
            "CREATE INDEX review_round ON review (round_id) WHERE round_id IS NOT NULL",
            "CREATE INDEX review_message ON review (message_id) WHERE message_id IS NOT NULL",
            "CREATE INDEX review_ticket ON review (ticket_id, id) WHERE ticket_id IS NOT NULL",
            "CREATE INDEX review_writer ON review (writer_id, id)",
            "CREATE INDEX review_verdict ON review (verdict_by, decided_at)",
            """
            CREATE TABLE review_version (
                review_id INT NOT NULL REFERENCES review (id) ON DELETE CASCADE, number INT NOT NULL,
                recipients TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, member_id INT, at INT NOT NULL,
                PRIMARY KEY (review_id, number))
            """,
            """
            CREATE TABLE review_comment (
                id ID, review_id INT NOT NULL REFERENCES review (id) ON DELETE CASCADE, number INT NOT NULL,
                passage TEXT NOT NULL, text TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id),
                at INT NOT NULL)
            """,
            "CREATE INDEX review_comment_review ON review_comment (review_id, id)",
            // What a writer lets others learn from: no names, no ticket.
            """
            CREATE TABLE lesson_offer (
                comment_id INT NOT NULL PRIMARY KEY REFERENCES review_comment (id) ON DELETE CASCADE,
                queue_id INT NOT NULL REFERENCES queue (id), language TEXT, passage TEXT NOT NULL, text TEXT NOT NULL,
                at INT NOT NULL)
            """,
            "CREATE INDEX lesson_offer_queue ON lesson_offer (queue_id, at)",
            // By whose word a mail of ours left: without it the outbox takes none.
            """
            CREATE TABLE clearance (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, way TEXT NOT NULL,
                review_id INT, member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
            """,
            """
            CREATE TABLE thanks (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
            """,
            """
            CREATE TABLE text_link (
                id ID, queue_id INT NOT NULL REFERENCES queue (id), name TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), created_at INT NOT NULL, closed_at INT)
            """,
            "CREATE INDEX text_link_queue ON text_link (queue_id)",
            """
            CREATE TABLE text_request (
                review_id INT NOT NULL PRIMARY KEY REFERENCES review (id) ON DELETE CASCADE,
                link_id INT NOT NULL REFERENCES text_link (id), author TEXT NOT NULL, sort TEXT NOT NULL,
                goal TEXT NOT NULL, audience TEXT NOT NULL, place TEXT NOT NULL, needed_by TEXT NOT NULL)
            """,
        ])
}
