import Web

/// Paths of what changes under an open page.
package enum LivePaths {
    package static let stream: PathPattern = "/live"
    static let changes: PathPattern = "/live/changes"
    static let list: PathPattern = "/live/list"
    static let header: PathPattern = "/tickets/:id/header"
    static let presence: PathPattern = "/tickets/:id/presence"
    static let colleagues: PathPattern = "/tickets/:id/colleagues"
}

/// Paths of notices and of following.
package enum NoticePaths {
    package static let list: PathPattern = "/notices"
    static let reading: PathPattern = "/notices/reading"
    static let open: PathPattern = "/notices/:id"
    package static let settings: PathPattern = "/notices/settings"
    static let following: PathPattern = "/tickets/:id/following"
    static let unfollowing: PathPattern = "/tickets/:id/unfollowing"
}
