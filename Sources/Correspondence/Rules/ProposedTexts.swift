import Base
import Storage

/// Knowledge texts that rules and macros propose to answer with.
enum ProposedTexts {
    /// Id and title of those the viewer may read.
    static func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [(id: ID, title: String)] { [] }

    static func title(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> String? { nil }
}
