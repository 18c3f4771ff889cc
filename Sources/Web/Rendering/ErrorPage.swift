/// What is said when a page cannot be shown: why, and what to do. Not found and not allowed are the same.
package struct ErrorPage: Page {
    package static let template = "web/error"

    package let heading: Phrase
    package let advice: Phrase
    package let homePath: String
    /// What the log calls this request; absent when nothing is to be looked up.
    package let reference: String?

    package var title: Phrase { heading }

    package init(heading: Phrase, advice: Phrase, homePath: String, reference: String? = nil) {
        self.heading = heading
        self.advice = advice
        self.homePath = homePath
        self.reference = reference
    }

    /// 404 for what is absent and for what may not be seen.
    package static func notFound(homePath: String) -> ErrorPage {
        ErrorPage(heading: Phrase("web-error-404-title"), advice: Phrase("error-not-found"), homePath: homePath)
    }

    /// 503: for a while.
    package static func unavailable(homePath: String, reference: String?) -> ErrorPage {
        ErrorPage(
            heading: Phrase("web-error-503-title"), advice: Phrase("error-unavailable"), homePath: homePath,
            reference: reference)
    }

    /// 422 and the rest of 4xx: the message says what was wrong.
    package static func refused(_ message: Phrase, homePath: String) -> ErrorPage {
        ErrorPage(heading: Phrase("web-error-422-title"), advice: message, homePath: homePath)
    }

    /// 500.
    package static func failed(homePath: String, reference: String?) -> ErrorPage {
        ErrorPage(
            heading: Phrase("web-error-500-title"), advice: Phrase("error-internal"), homePath: homePath,
            reference: reference)
    }
}
