import Base
import Foundation
import Hummingbird
import Storage
import Web

/// When a queue is open. POST as `HoursForm` reads it; with `always`, the hours are taken away.
struct HoursPage: Page {
    static let template = "correspondence/queue-hours"

    let name: String
    let tabs: [Tab]
    let path: String
    let isSet: Bool
    let zones: [Choice]
    let days: [HoursDay]
    let holidays: String
    let problem: Phrase?

    var title: Phrase { Phrase("hours-title", .text(name)) }
    var room: String { "queues" }
}

struct HoursDay: Sendable {
    let number: Int
    let name: Phrase
    let from: String
    let to: String
    let again: String
    let until: String
}

/// Business hours of a queue, for those who keep it.
package struct HoursRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.hours.route) { request, context in
            let queue = try await office.requireQueue(context)
            let hours = try await desk.database.read { [hours = office.hours] db in try hours.find(queue.id, in: db) }
            return show(
                queue, context, HoursForm(hours, zone: desk.zone), isSet: hours != nil,
                notices: QueueRoutes.notices(request))
        }
        signedIn.post(QueuePaths.hours.route, use: change)
    }

    private func show(
        _ queue: Queue, _ context: SignedInContext, _ form: HoursForm, isSet: Bool, problem: Phrase? = nil,
        notices: [Frame.Notice] = []
    ) -> Response {
        let zones = Set(TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } + ["UTC", form.zone]).sorted()
        let days = HoursForm.weekdays.enumerated().map { index, name in
            let times = form.times[index]
            return HoursDay(
                number: index + 1, name: Phrase("hours-\(name)"), from: times[0], to: times[1], again: times[2],
                until: times[3])
        }
        let page = HoursPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.hours),
            path: QueuePaths.hours(queue.id), isSet: isSet,
            zones: zones.map { Choice($0, .verbatim($0), isSelected: $0 == form.zone) }, days: days,
            holidays: form.holidays, problem: problem)
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let entered = HoursForm(form)
        let now = desk.clock.now()
        let keeping = QueueKeeping(queues: desk.stores.queues, members: desk.members, hours: office.hours)
        do {
            let hours = form.has("always") ? nil : try entered.hours()
            try await desk.database.write { [desk] db in
                try keeping.setHours(hours, of: queue.id, by: context.viewer, at: now, in: db)
                try desk.stores.jobs.add(LevelRefreshing.jobName, subject: queue.id, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return show(
                queue, context, entered, isSet: true, problem: Phrase(failure.messageKey, texts: failure.arguments))
        }
        return site.redirect(QueuePaths.hours(queue.id) + "?notice=changed")
    }
}
