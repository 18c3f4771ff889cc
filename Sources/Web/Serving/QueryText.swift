import Hummingbird

extension Request {
    /// A field of the address as forms and scripts write it: `+` and `%20` are both a space, `%2B` is a plus.
    package func queryText(_ name: String) -> String? {
        let fields = Form(urlEncoded: uri.query ?? "")
        return fields.has(name) ? fields[name] : nil
    }
}
