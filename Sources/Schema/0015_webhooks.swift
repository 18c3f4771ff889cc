import Storage

extension Schema {
    /// Webhooks, and their deliveries.
    static let webhooks = Migration("0015_webhooks", [])
}
