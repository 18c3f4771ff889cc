import Base
import Fetch
import Storage

/// The table `link_answer`: what the pages a draft links to said when they were asked last.
///
/// Pages are asked when a writer saves or looks at the preview, for no longer than `patience`; what has not answered
/// by then is asked by a job. Reading a page asks nobody.
package struct LinkAnswers: Sendable {
    package static let jobName = "check-links"
    /// Milliseconds: how long a writer waits, how long a job does, and how long an answer holds.
    private static let patience: Int64 = 800
    private static let jobPatience: Int64 = 8_000
    private static let freshness: Milliseconds = 12 * 3_600_000
    /// Links of one draft that are looked at.
    private static let most = 12

    let database: Database
    let clock: Clock
    let probe: LinkProbe

    package init(database: Database, clock: Clock, probe: LinkProbe) {
        self.database = database
        self.clock = clock
        self.probe = probe
    }

    /// Addresses in a text, each once, in order.
    static func links(in text: String) -> [String] {
        var found: [String] = []
        for word in text.split(whereSeparator: { $0.isWhitespace || "<>\"|，。、；）」".contains($0) }) {
            guard let start = word.firstRange(of: "http://") ?? word.firstRange(of: "https://") else { continue }
            var link = word[start.lowerBound...]
            if start.lowerBound > word.startIndex, word[word.index(before: start.lowerBound)] == "(",
                let end = link.lastIndex(of: ")")
            {
                link = link[..<end]
            }
            while let last = link.last, ".,:;!?'*".contains(last) { link.removeLast() }
            if link.utf8.count <= 2000, !found.contains(String(link)) { found.append(String(link)) }
            if found.count == most { break }
        }
        return found
    }

    static func findings(in text: String, now: Milliseconds, in db: any Connection) throws -> [Finding] {
        try links(in: text).compactMap { link in
            let known = try db.first(
                "SELECT outcome FROM link_answer WHERE hash = \(hash(link)) AND asked_at > \(now - 2 * freshness)")
            guard let outcome = try known.map({ try $0.text("outcome") }).flatMap(LinkProbe.Outcome.init(rawValue:))
            else { return nil }
            switch outcome {
            case .answers, .unknown: return nil
            case .gone, .unreachable, .refused: return Finding(.link, outcome.rawValue, link)
            }
        }
    }

    /// Asks those that have no fresh answer, for a moment. Returns whether some are still open.
    package func ask(_ text: String) async throws -> Bool {
        try await ask(text, for: Self.patience)
    }

    /// Once more and longer, for a draft.
    package func run(_ text: String) async throws { _ = try await ask(text, for: Self.jobPatience) }

    private func ask(_ text: String, for patience: Int64) async throws -> Bool {
        let links = Self.links(in: text)
        guard !links.isEmpty else { return false }
        let now = clock.now()
        let stale = try await database.read { db in
            try links.filter { link in
                let row = try db.first(
                    """
                    SELECT outcome FROM link_answer
                    WHERE hash = \(Self.hash(link)) AND asked_at > \(now - Self.freshness)
                    """)
                let known = try row?.text("outcome")
                return known == nil || known == LinkProbe.Outcome.unknown.rawValue
            }
        }
        guard !stale.isEmpty else { return false }
        let outcomes = await probe.ask(stale, for: patience)
        try await database.write { db in
            for (link, outcome) in outcomes {
                try db.execute(
                    """
                    INSERT INTO link_answer (hash, outcome, asked_at)
                    VALUES (\(Self.hash(link)), \(outcome.rawValue), \(now))
                    ON CONFLICT (hash) DO UPDATE SET outcome = excluded.outcome, asked_at = excluded.asked_at
                    """)
            }
            try db.execute("DELETE FROM link_answer WHERE asked_at < \(now - 60 * Self.freshness)")
        }
        return outcomes.contains { $0.value == .unknown }
    }

    private static func hash(_ link: String) -> [UInt8] { SHA256Digest.of(link) }
}
