import Base
import Foundation

/// What was written by hand in one language: people's names, threads, sentences that vary them.
struct Material: Decodable, Sendable {
    /// A subject and a text.
    struct Letter: Decodable, Sendable {
        var subject: String
        var text: String
    }

    /// A matter: the person writes, the desk answers, and so on in turn.
    struct Matter: Decodable, Sendable {
        var key: String
        /// `press` or `legal`; the queue of the language otherwise.
        var queue: String?
        var subject: String
        var tags: [String]
        /// `picture` or `text`: what comes with the first mail.
        var file: String?
        /// `no-answer`: closed without one.
        var ends: String?
        var priority: Int?
        var mails: [String]
    }

    /// A letter about a life, or one that was taken for it.
    struct Life: Decodable, Sendable {
        var subject: String
        var text: String
        var answer: String?
        /// Raised by a member: the packs did not see it.
        var isRaised: Bool?
        /// It was none.
        var isMistake: Bool?
        /// Nil for the one that came just now.
        var daysAgo: Int?
    }

    var language: String
    var queueName: String
    /// Above the public form.
    var formIntro: String?
    /// What a saved filter for urgent tickets is called.
    var urgentFilter: String?
    var signature: String
    var separator: String
    var familyFirst: Bool?
    /// `name|latin letters of it`; without a bar the name itself gives the letters.
    var given: [String]
    var family: [String]
    var articles: [String]
    var places: [String]
    var hello: [String]
    var helloNamed: String
    var bye: [String]
    var byeDesk: String
    var details: [String]
    var notes: [String]
    var autoReply: Letter
    var acknowledgement: Letter
    var junk: [Letter]
    var flood: [Letter]
    var again: Letter
    var lives: [Life]?
    var threads: [Matter]

    var queue: String { "info-\(language)" }

    static let languages = ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"]

    /// By language; `folder` is `Resources/demo`.
    static func load(from folder: URL) throws -> [String: Material] {
        var found: [String: Material] = [:]
        for language in languages { found[language] = try read("\(language).json", in: folder) }
        return found
    }

    static func read<Value: Decodable>(_ name: String, in folder: URL) throws -> Value {
        let file = folder.appending(path: name)
        do {
            return try JSONDecoder().decode(Value.self, from: try Data(contentsOf: file))
        } catch {
            throw Failure(.configuration, "error-configuration", details: "\(file.path) is missing or not as expected")
        }
    }
}

/// The invented organisation: its queues, members and teams.
struct House: Decodable, Sendable {
    struct Desk: Decodable, Sendable {
        var name: String
        var displayName: String
        var isConfidential: Bool
        var signature: String
    }

    struct Group: Decodable, Sendable {
        var name: String
        var queue: String
        var members: [String]
        var lead: String
    }

    struct Person: Decodable, Sendable {
        /// The part of the address before the domain.
        var address: String
        var name: String
        var letterName: String
        var language: String
        var isAdministrator: Bool?
        /// Gets a password, which is printed.
        var isShown: Bool?
        var hasLeft: Bool?
        /// Away now, and for so many days more.
        var awayDays: Int?
        /// Languages whose queue they lead, answer in, or write drafts for.
        var leads: [String]
        var answers: [String]
        var learns: [String]
    }

    var domain: String
    /// What it is called on public pages.
    var organisation: String?
    var queues: [Desk]
    var teams: [Group]
    var members: [Person]

    /// Who answers in a queue.
    func agents(of queue: String) -> [String] {
        if let team = teams.first(where: { $0.queue == queue }) { return team.members }
        return members.filter { $0.hasLeft != true && $0.answers.contains { "info-\($0)" == queue } }.map(\.address)
    }
}
