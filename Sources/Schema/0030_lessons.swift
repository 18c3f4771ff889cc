import Storage

extension Schema {
    /// Lessons ask which of their words are names of people the desk knows.
    static let contactNames = Migration("0030_lessons", ["CREATE INDEX contact_name ON contact (name)"])
}
