import Base
import Foundation
import Text

/// What is learned from examples: classes with enough of them, a model, and how it did on what was held out.
struct Lesson: Sendable {
    struct Measured: Sendable {
        var target: TriageSuggestion.Target
        var value: String
        var language: String
        var measure: Measure
    }

    struct Outcome: Sendable {
        var model: LinearModel
        var measures: [Measured]
        /// How the shipped model did on the same tickets, by label.
        var starting: [SpecialistLabel: Measure]
        var heldOut: Int
    }

    private let examples: [Examples.Example]

    init(_ examples: [Examples.Example]) { self.examples = examples }

    /// Nil when no class has enough examples.
    func learn() -> Outcome? {
        let classes = classes
        guard !classes.isEmpty else { return nil }
        // Rows of all classes together stay below 16 MB, however many queues there are.
        let settings = LogisticTraining.Settings(mostFeatures: min(1 << 16, (8 << 20) / classes.count))
        let isHeldOut = examples.map { Self.isHeldOut($0.ticket) }
        let kept = examples.indices.filter { !isHeldOut[$0] }
        let part = LogisticTraining.train(
            kept.map { examples[$0].vector },
            classes: classes.map { LogisticTraining.Class(name: $0.name, members: kept.map($0.members)) },
            settings: settings)
        let measures = measure(part, classes, examples.indices.filter { isHeldOut[$0] })
        let model = LogisticTraining.train(
            examples.map(\.vector),
            classes: classes.map { LogisticTraining.Class(name: $0.name, members: examples.indices.map($0.members)) },
            settings: settings)
        return Outcome(
            model: model, measures: measures,
            starting: measureStarting(classes, examples.indices.filter { isHeldOut[$0] }),
            heldOut: examples.count - kept.count)
    }

    /// A fifth, the same in every training.
    static func isHeldOut(_ ticket: ID) -> Bool {
        var mixed = UInt64(bitPattern: ticket) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 29
        mixed = mixed &* 0xBF58_476D_1CE4_E5B9
        return (mixed >> 40) % 5 == 0
    }

    // MARK: - Classes

    /// `target:value` and, for each example, whether it belongs to it; nil where that is not known.
    private struct Class {
        var target: TriageSuggestion.Target
        var value: String
        var members: (Int) -> Bool?
        var name: String { "\(target.rawValue):\(value)" }
    }

    private var classes: [Class] {
        let all =
            labels + topics + queues + [
                Class(target: .urgency, value: "urgent") { [examples] in examples[$0].isUrgent },
                Class(target: .junk, value: "junk") { [examples] in examples[$0].isJunk },
            ]
        return all.filter { each in
            let sides = examples.indices.compactMap(each.members)
            let count = sides.count(where: { $0 })
            return count >= TriageTraining.fewest && sides.count - count >= TriageTraining.fewest
        }
    }

    /// Only what members decided counts; what packs or models set and nobody confirmed is not known.
    private var labels: [Class] {
        SpecialistLabel.allCases.map { label in
            let key = "label:\(label.rawValue)"
            return Class(target: .label, value: label.rawValue) { [examples] index in
                examples[index].decisions[key] ?? (examples[index].labels.contains(label.rawValue) ? nil : false)
            }
        }
    }

    /// The tags used most. Of tickets without any tag nothing is known.
    private var topics: [Class] {
        var counts: [String: Int] = [:]
        for example in examples { for tag in example.tags { counts[tag, default: 0] += 1 } }
        let names = counts.filter { $0.value >= TriageTraining.fewest }
            .sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.prefix(TriageTraining.mostTopics).map(\.key)
        return names.map { tag in
            Class(target: .topic, value: tag) { [examples] index in
                let example = examples[index]
                if example.tags.contains(tag) { return true }
                return example.decisions["topic:\(tag)"] ?? (example.tags.isEmpty ? nil : false)
            }
        }
    }

    private var queues: [Class] {
        let names = Set(examples.map(\.queue)).sorted()
        guard names.count > 1 else { return [] }
        return names.map { queue in
            Class(target: .queue, value: String(queue)) { [examples] index in
                examples[index].isJunk ? nil : examples[index].queue == queue
            }
        }
    }

    // MARK: - Measuring

    private func measureStarting(_ classes: [Class], _ heldOut: [Int]) -> [SpecialistLabel: Measure] {
        var found: [SpecialistLabel: Measure] = [:]
        for each in classes where each.target == .label {
            guard let label = SpecialistLabel(rawValue: each.value) else { continue }
            for index in heldOut {
                guard let isMember = each.members(index), let percent = examples[index].starting[label] else {
                    continue
                }
                found[label, default: Measure()].add(score: Float(percent) / 100, isMember: isMember)
            }
        }
        return found
    }

    private func measure(_ model: LinearModel, _ classes: [Class], _ heldOut: [Int]) -> [Measured] {
        var found: [[String: Measure]] = classes.map { _ in [:] }
        for index in heldOut {
            let scores = model.scores(examples[index].vector)
            for (column, each) in classes.enumerated() {
                guard let isMember = each.members(index) else { continue }
                found[column][examples[index].language, default: Measure()].add(
                    score: scores[column], isMember: isMember)
            }
        }
        return zip(classes, found).flatMap { each, languages in
            languages.sorted { $0.key < $1.key }.map {
                Measured(target: each.target, value: each.value, language: $0.key, measure: $0.value)
            }
        }
    }
}

/// Runs long computing on a thread of its own that yields to all others, so that pages and mail do not wait for it.
enum LearningThread {
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                #if os(Linux)
                    // Of this thread alone: Linux counts niceness by thread.
                    _ = setpriority(0, 0, 10)
                #endif
                continuation.resume(returning: body())
            }
            thread.name = "learning"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }
}
