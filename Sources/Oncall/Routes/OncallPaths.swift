import Web

/// Paths of rotas and pages.
package enum OncallPaths {
    package static let list: PathPattern = "/oncall"
    static let newRota: PathPattern = "/oncall/new"
    package static let rota: PathPattern = "/oncall/:id"
    static let settings: PathPattern = "/oncall/:id/settings"
    static let seats: PathPattern = "/oncall/:id/members"
    static let unseating: PathPattern = "/oncall/:id/members/:member/removal"
    static let choice: PathPattern = "/oncall/:id/choice"
    static let shifts: PathPattern = "/oncall/:id/shifts"
    static let shiftRemoval: PathPattern = "/oncall/:id/shifts/:shift/removal"
    static let swaps: PathPattern = "/oncall/:id/swaps"
    static let swapAnswer: PathPattern = "/oncall/:id/swaps/:swap"
    static let trial: PathPattern = "/oncall/:id/trial"
    package static let page: PathPattern = "/pages/:id"
    package static let holding: PathPattern = "/pages/:id/holding"
    package static let handingBack: PathPattern = "/pages/:id/handing-back"
    package static let link: PathPattern = "/page/:reference"

    /// The link of a mail: it needs no sign-in, shows numbers only, and changes nothing until its button is pressed.
    package static func answer(_ reference: String) -> String { "/page/" + reference }
}
