import Web

/// Paths of webhooks.
package enum WebhookPaths {
    package static let list = SitePaths.webhooks
    static let new: PathPattern = "/webhooks/new"
    static let show: PathPattern = "/webhooks/:id"
    static let trial: PathPattern = "/webhooks/:id/test"
    static let secret: PathPattern = "/webhooks/:id/secret"
    static let switching: PathPattern = "/webhooks/:id/state"
    static let removal: PathPattern = "/webhooks/:id/removal"
    static let restoring: PathPattern = "/webhooks/:id/restoring"
    static let again: PathPattern = "/webhooks/:id/deliveries/:delivery/repetition"
}

/// Webhooks one keeps; for administrators everybody's.
struct WebhookListPage: Page {
    static let template = "correspondence/webhook-list"

    let webhooks: [WebhookRow]
    let newPath: String

    var title: Phrase { Phrase("webhook-list-title") }
    var room: String { "queues" }
    var section: String { "webhooks" }
}

struct WebhookRow: Sendable {
    let name: String
    /// Host and port.
    let place: String
    /// Where it is somebody else's.
    let owner: String?
    let path: String
    let state: WebhookSign
}

/// How a webhook or a delivery is, in words.
struct WebhookSign: Sendable {
    let isFine: Bool
    let isWaiting: Bool
    let words: Phrase
    let moment: Moment?
}

/// Adding or changing one: POST `name`, `url`, `kind` (several). Its deliveries below.
struct WebhookPage: Page {
    static let template = "correspondence/webhook"

    let heading: Phrase
    let listPath: String
    /// Absent for who looks at somebody else's.
    let form: WebhookForm?
    /// Shown once.
    let secret: String?
    let isNew: Bool
    /// Where it is somebody else's.
    let owner: String?
    let place: String
    let state: WebhookSign?
    let trial: Action?
    let renewal: Action?
    let switchOn: Action?
    let switchOff: Action?
    let removal: Action?
    let deliveries: [WebhookDeliveryRow]
    let olderPath: String?

    var title: Phrase { heading }
    var room: String { "queues" }
    var section: String { "webhooks" }
}

struct WebhookForm: Sendable {
    let path: String
    let name: Field
    let url: Field
    let isAll: Bool
    let kinds: [Choice]
    let problem: Phrase?
}

struct WebhookDeliveryRow: Sendable {
    let number: String
    let kind: Phrase
    let sign: WebhookSign
    let attempts: Phrase?
    let body: String
    let again: Action?
}
