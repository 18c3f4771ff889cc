import Web

/// Paths of reviews.
package enum ReviewPaths {
    package static let list: PathPattern = "/reviews"
    package static let show: PathPattern = "/reviews/:id"
    static let submission: PathPattern = "/tickets/:id/review"
    static let approval: PathPattern = "/reviews/:id/approval"
    static let returning: PathPattern = "/reviews/:id/return"
    static let takingOver: PathPattern = "/reviews/:id/taking-over"
    static let release: PathPattern = "/reviews/:id/release"
    static let withdrawal: PathPattern = "/reviews/:id/withdrawal"
    static let lesson: PathPattern = "/reviews/:id/lessons/:comment"
    static let lessons: PathPattern = "/reviews/lessons"
    static let texts: PathPattern = "/reviews/texts"
    static let textLinks: PathPattern = "/reviews/texts/links"
    static let textLinkEnd: PathPattern = "/reviews/texts/links/:id/end"
    static let settings: PathPattern = "/queues/:id/review"
    static let trainees: PathPattern = "/queues/:id/review/trainees"
    static let freeing: PathPattern = "/queues/:id/review/trainees/:member/freeing"
    static let thanks: PathPattern = "/messages/:id/thanks"
    static let requestForm: PathPattern = "/second-look/:reference"
    static let requestedText: PathPattern = "/second-look/text/:reference"

    static let leaveAddress: PathPattern = "/second-look/text/:reference/address"
    static let toldPage: PathPattern = "/second-look/told/:reference"
    static let lessonText: PathPattern = "/reviews/lessons/:comment/text"

    package static func textList() -> String { texts() }
    package static func lessonList() -> String { lessons() }

    static func requestForm(_ reference: String) -> String { "/second-look/\(reference)" }
    static func leaveAddress(_ reference: String) -> String { "/second-look/text/\(reference)/address" }
    static func told(_ reference: String) -> String { "/second-look/told/\(reference)" }
    static func requestedText(_ reference: String) -> String { "/second-look/text/\(reference)" }
}
