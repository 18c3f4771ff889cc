import Base
import Storage
import Synchronization
import Text

/// The model in use, read once and kept until another takes its place.
package final class ModelCache: Sendable {
    private struct Held {
        var id: ID
        var model: LinearModel?
    }

    private let held = Mutex<Held?>(nil)
    private let store: ModelStore

    package init(ids: IDMaker) { store = ModelStore(ids: ids) }

    /// Nil while nothing has been learned.
    func model(in db: any Connection) throws -> LinearModel? {
        guard let made = try store.current(in: db) else {
            held.withLock { $0 = nil }
            return nil
        }
        if let known = held.withLock({ $0 }), known.id == made.id { return known.model }
        let model = try store.model(made.id, in: db)
        held.withLock { $0 = Held(id: made.id, model: model) }
        return model
    }
}
