import Base
import Storage
import Synchronization

/// The name of the organisation, as people outside know it: on public pages and where one signs in.
///
/// It is in the table `setting`; each node keeps a copy for its pages and looks again now and then.
package final class OrganisationName: Sendable {
    private static let setting = "organisation-name"
    private static let longest = 120

    private let copy = Mutex("")

    package init() {}

    /// Empty until somebody has given one.
    package var name: String { copy.withLock { $0 } }

    package func refresh(in db: any Connection) throws {
        let name = try Self.stored(in: db)
        copy.withLock { $0 = name }
    }

    /// As it is now, for mails; empty until somebody has given one.
    package static func stored(in db: any Connection) throws -> String {
        try StoredSetting.text(setting, in: db) ?? ""
    }

    /// An empty name takes it away. The caller has made sure that it may be changed.
    package static func set(_ name: String, in db: any Connection) throws {
        let isClean = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isClean, name.count <= longest else { throw Failure(.invalid, "organisation-name-invalid") }
        try StoredSetting.set(setting, name, in: db)
    }
}
