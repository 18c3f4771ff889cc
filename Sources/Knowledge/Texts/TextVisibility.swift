import Base
import Storage

/// Who may read and change which text: the one place that decides.
enum TextVisibility {
    /// A condition on `knowledge_text`: what this viewer may read.
    static func readable(by viewer: Viewer) -> SQL {
        let administrator: SQL = viewer.isAdministrator ? " OR knowledge_text.audience <> 'confidential'" : ""
        return """
            (knowledge_text.is_open = 1 OR knowledge_text.owner_id = \(viewer.memberID)\(administrator)
                OR knowledge_text.id IN (SELECT text_id FROM knowledge_place
                    WHERE queue_id IN \(list: viewer.queues(.see)))
                OR knowledge_text.id IN (SELECT knowledge_place.text_id FROM team_member
                    JOIN knowledge_place ON knowledge_place.team_id = team_member.team_id
                    WHERE team_member.member_id = \(viewer.memberID)))
            """
    }

    /// A condition on `knowledge_text`: what everybody may read.
    static func isPublic(at now: Milliseconds) -> SQL {
        """
        (knowledge_text.audience = 'public' AND knowledge_text.state = 'published'
            AND (knowledge_text.publish_at IS NULL OR knowledge_text.publish_at <= \(now))
            AND (knowledge_text.embargo_until IS NULL OR knowledge_text.embargo_until <= \(now))
            AND (knowledge_text.expires_at IS NULL OR knowledge_text.expires_at > \(now)))
        """
    }

    /// Readers who may also change it: its owner, leads of the teams it is for, and administrators.
    static func mayChange(_ text: KnowledgeText, teams: [ID], _ viewer: Viewer) -> Bool {
        text.owner == viewer.memberID || viewer.isAdministrator || !viewer.ledTeams.isDisjoint(with: teams)
    }
}
