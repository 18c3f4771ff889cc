import Base
import Foundation
import Testing

@testable import Correspondence
@testable import Demonstration

/// The invented year: the same for the same seed, in order, of invented people only.
@Suite struct PlotTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Resources/demo")
    private static let end: Milliseconds = 1_795_000_000_000

    private let materials: [String: Material]
    private let house: House

    init() throws {
        materials = try Material.load(from: Self.folder)
        house = try Material.read("house.json", in: Self.folder)
    }

    private func year(_ tickets: Int = 200, seed: UInt64 = 7) -> [Tale] {
        var plot = Plot(materials: materials, house: house, end: Self.end, seed: seed)
        return plot.year(tickets: tickets)
    }

    @Test func `the same seed tells the same year, another another`() {
        let told = { (seed: UInt64) in year(seed: seed).map { "\($0.queue) \($0.person) \($0.steps)" } }

        #expect(told(7) == told(7))
        #expect(told(7) != told(8))
    }

    @Test func `steps are in their order, within a year, and none is still to come`() {
        for tale in year() {
            let times = tale.steps.map(\.at)
            #expect(times == times.sorted(), "\(tale.queue)")
            #expect((times.last ?? 0) <= Self.end)
            #expect((times.first ?? Self.end) > Self.end - 430 * 86_400_000)
        }
    }

    @Test func `there is about as much as was asked for, in every language`() {
        let tales = year(300)

        #expect((300...340).contains(tales.count), "\(tales.count)")
        let queues = Set(tales.map(\.queue))
        for language in Material.languages { #expect(queues.contains("info-\(language)"), "\(language)") }
    }

    @Test func `everybody who writes is invented, and every agent belongs to the house`() {
        let members = Set(house.members.map(\.address) + [""])
        for tale in year() {
            #expect(tale.person.address.hasSuffix(".example"), "\(tale.person.address)")
            for step in tale.steps { #expect(members.contains(step.agent), "\(step.agent)") }
        }
    }

    @Test func `every tale begins with a mail, and nobody answers who left`() {
        let left = Set(house.members.filter { $0.hasLeft == true }.map(\.address))
        for tale in year() {
            guard case .mail = tale.steps.first?.act else {
                Issue.record("\(tale.queue) begins otherwise")
                continue
            }
            let recent = tale.steps.filter { $0.at > Self.end - 30 * 86_400_000 }
            #expect(recent.allSatisfy { !left.contains($0.agent) })
        }
    }
}
