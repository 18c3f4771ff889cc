import Web

/// Paths of goals, deadlines and a member's own pace.
enum LevelPaths {
    static let queue: PathPattern = "/queues/:id/levels"
    static let steps: PathPattern = "/queues/:id/levels/steps"
    static let stepRemoval: PathPattern = "/queues/:id/levels/steps/:step/removal"
    static let deadline: PathPattern = "/tickets/:id/deadline"
    static let pace: PathPattern = "/settings/pace"
}
