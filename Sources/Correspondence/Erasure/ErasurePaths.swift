import Web

package enum ErasurePaths {
    package static let people: PathPattern = "/contacts"
    static let person: PathPattern = "/contacts/:id"
    static let erasure: PathPattern = "/contacts/:id/erasure"
    static let copy: PathPattern = "/contacts/:id/copy"
    static let hold: PathPattern = "/tickets/:id/hold"
    static let retention: PathPattern = "/queues/:id/retention"
}
