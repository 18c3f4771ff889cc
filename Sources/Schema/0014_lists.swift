import Storage

extension Schema {
    /// What lists and their counts walk.
    static let lists = Migration(
        "0014_lists",
        [
            """
            CREATE INDEX ticket_open ON ticket (queue_id, updated_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """
        ])
}
