import Base
import Foundation
import People
import Storage
import Text

/// Tells the keepers of rotas of times in the week ahead for which nobody can be called: once a day, from nine o'clock
/// in the rota's zone, as long as there are any. The day is marked in the transaction of the mail.
package struct GapWatch: Sendable {
    /// How far ahead gaps are shown.
    package static let ahead: Milliseconds = 7 * WallTime.day
    private static let hour = 9
    private static let mostLines = 20

    private let paging: Paging

    package init(_ paging: Paging) { self.paging = paging }

    /// Gaps of the week that begins now.
    package static func gaps(in plan: DutyPlan, at now: Milliseconds) -> [Range<Milliseconds>] {
        plan.gaps(from: now, until: now + ahead)
    }

    /// Returns how many keepers were told.
    @discardableResult package func run(_ database: Database, at now: Milliseconds) async throws -> Int {
        let rotas = try await database.read { [paging] db in try paging.rotas.all(in: db) }
        var told = 0
        for rota in rotas {
            let local = WallTime.local(now, in: rota.timeZone)
            guard local.minute >= Self.hour * 60 else { continue }
            if try await database.write({ db in
                try tell(rota, day: WallTime.text(day: local.day), at: now, in: db)
            }) {
                told += 1
            }
        }
        return told
    }

    private func tell(_ rota: Rota, day: String, at now: Milliseconds, in db: any Connection) throws -> Bool {
        let gaps = Self.gaps(in: try paging.shifts.plan(of: rota, in: db), at: now)
        guard !gaps.isEmpty, let keeper = try paging.members.find(rota.keeper, in: db), !keeper.isDisabled,
            try paging.rotas.markGapsTold(rota.id, day: day, in: db)
        else { return false }
        let zone = keeper.zone.isEmpty ? rota.zone : keeper.zone
        let lines = gaps.prefix(Self.mostLines).map { gap in
            let from = DateText.exact(gap.lowerBound, language: keeper.language, zone: zone)
            let until = DateText.exact(gap.upperBound, language: keeper.language, zone: zone)
            return "\(from) – \(until)"
        }
        let letter = paging.words.gaps(rota, lines, to: keeper.email, language: keeper.language)
        _ = try paging.post(letter, now, db)
        return true
    }
}
