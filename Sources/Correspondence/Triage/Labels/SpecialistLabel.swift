/// Matters that only the people named for them answer. The raw value is kept in the database and names the pack.
package enum SpecialistLabel: String, Sendable, CaseIterable {
    /// Somebody's life: threat of harm to oneself or to others. Never waits for a model.
    case danger
    case childSafety = "child-safety"
    case legal
    case privacy
    case livingPerson = "living-person"
    case press
    /// Permission to use a work.
    case permission
}
