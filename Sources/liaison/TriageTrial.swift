import Correspondence
import Foundation
import Text

/// Learns topics from one file and tells them of another, for `script/bench`: what was right, and how long it took.
/// Files hold a line for each text: its topic, a tab, its words.
struct TriageTrial {
    private struct Text {
        var topic: String
        var words: String
        var vector: SparseVector
    }

    private struct Answer: Encodable {
        var classes: [String]
        var texts: Int
        /// Of the texts to learn from, from words to features.
        var featureSeconds: Double
        var trainSeconds: Double
        /// Of all texts asked, their features known.
        var predictSeconds: Double
        /// Of all texts asked, from words to class.
        var readSeconds: Double
        var predicted: [String]
        var mailMicroseconds: [Double]
        var mailClasses: Int
    }

    let train: String
    let test: String
    /// Where the features are written for others to learn from: `train.svm` and `test.svm`.
    let features: String?
    let starting: StartingModel
    /// Mails, one a line, on which packs and models are timed together.
    let mails: String?
    let cost: Double

    func run(_ packs: KeywordPacks) throws -> Data {
        let (knownLines, askedLines) = (try Self.read(train), try Self.read(test))
        let featureSeconds = Self.median { _ = knownLines.map { FeatureHash.vector(of: $0.words) } }
        let known = knownLines.map(Self.text)
        let asked = askedLines.map(Self.text)
        let classes = Set(known.map(\.topic)).sorted()
        if let features {
            try Self.write(known, classes, to: features + "/train.svm")
            try Self.write(asked, classes, to: features + "/test.svm")
        }
        let learned = classes.map { name in
            LogisticTraining.Class(name: name, members: known.map { $0.topic == name })
        }
        let vectors = known.map(\.vector)
        let settings = LogisticTraining.Settings(cost: cost, fewestTexts: 1, mostFeatures: .max)
        let learning = ContinuousClock.now
        let model = LogisticTraining.train(vectors, classes: learned, settings: settings)
        let trainSeconds = Self.seconds(since: learning)
        let predicted = asked.map { Self.best(model.scores($0.vector)) }
        let predictSeconds = Self.median { for text in asked { _ = Self.best(model.scores(text.vector)) } }
        let readSeconds = Self.median { for text in asked { _ = Self.best(model.scores(of: text.words)) } }
        let timed = try mails.map { try time($0, packs, known) } ?? []
        let answer = Answer(
            classes: classes, texts: known.count, featureSeconds: featureSeconds, trainSeconds: trainSeconds,
            predictSeconds: predictSeconds, readSeconds: readSeconds, predicted: predicted.map { classes[$0] },
            mailMicroseconds: timed, mailClasses: Self.manyClasses)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(answer)
    }

    /// Of seven turns.
    private static func median(_ body: () -> Void) -> Double {
        let spent = (0..<7).map { _ -> Double in
            let began = ContinuousClock.now
            body()
            return seconds(since: began)
        }
        return spent.sorted()[3]
    }

    private static func best(_ scores: [Float]) -> Int { scores.indices.max { scores[$0] < scores[$1] } ?? 0 }

    private static func read(_ file: String) throws -> [(topic: String, words: String)] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    }

    private static func text(_ line: (topic: String, words: String)) -> Text {
        Text(topic: line.topic, words: line.words, vector: FeatureHash.vector(of: line.words))
    }

    private static func write(_ texts: [Text], _ classes: [String], to file: String) throws {
        let lines = texts.map { text in
            let pairs = zip(text.vector.places, text.vector.values).map { "\($0 + 1):\($1)" }
            return "\(classes.firstIndex(of: text.topic) ?? -1) " + pairs.joined(separator: " ")
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let (whole, rest) = (ContinuousClock.now - start).components
        return Double(whole) + Double(rest) / 1e18
    }

    /// As many classes as a busy desk has.
    private static let manyClasses = 64

    /// Learned from texts that belong anywhere: only its size matters.
    static func model(ofManyClasses texts: [SparseVector]) -> LinearModel {
        LogisticTraining.train(
            texts,
            classes: (0..<manyClasses).map { number in
                LogisticTraining.Class(
                    name: "topic:\(number)", members: texts.indices.map { ($0 &* 2_654_435_761) >> 7 & 63 == number })
            }, settings: LogisticTraining.Settings(cost: 1, tolerance: 0.3))
    }

    /// Packs of all labels, features, and all models, for one mail after the other.
    private func time(_ file: String, _ packs: KeywordPacks, _ known: [Text]) throws -> [Double] {
        let model = Self.model(ofManyClasses: known.map(\.vector))
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map { line in
            let words = String(line)
            let began = ContinuousClock.now
            _ = packs.look(at: words)
            _ = model.scores(of: words)
            _ = starting.look(at: words)
            return Self.seconds(since: began) * 1e6
        }
    }
}
