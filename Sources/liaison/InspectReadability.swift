import ArgumentParser
import Base
import Foundation
import Text

/// `liaison inspect readability`: how easy texts are to read, with all that was counted.
struct InspectReadability: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readability", abstract: "How easy texts are to read; - for standard input.")

    @Flag(help: "One JSON object a line.") var json = false
    @Option(help: "Language of the texts; without it, it is detected.") var language: String?
    @Option(help: "Counts from elsewhere instead of a text: words=120,sentences=8,syllables=190 …") var counts: String?
    @Argument(help: "Text files.") var files: [String] = []

    func run() throws {
        if let counts {
            guard let language else { throw ValidationError("--counts needs --language.") }
            return show(Readability(counts: try Self.read(counts), language: language), "-")
        }
        guard !files.isEmpty else { throw ValidationError("Name a file, or - for standard input.") }
        var isFine = true
        for file in files {
            let data = file == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try? contents(file)
            guard let data else {
                FileHandle.standardError.write(Data("liaison: \(file): cannot be read\n".utf8))
                isFine = false
                continue
            }
            let text = String(decoding: data, as: UTF8.self)
            show(Readability(text, language: language ?? LanguageDetector.detect(text) ?? "und"), file)
        }
        if !isFine { throw ExitCode(65) }
    }

    private func contents(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file)) }

    private static let names: [(String, WritableKeyPath<TextCounts, Int> & Sendable)] = [
        ("sentences", \.sentences), ("words", \.words), ("syllables", \.syllables), ("letters", \.letters),
        ("longWords", \.longWords), ("polysyllables", \.polysyllables), ("monosyllables", \.monosyllables),
        ("complexWords", \.complexWords), ("longArabicWords", \.longArabicWords), ("faseeh", \.faseeh),
        ("characters", \.characters), ("han", \.han), ("rareHan", \.rareHan), ("conjuncts", \.conjuncts),
        ("matras", \.matras),
    ]

    private static func read(_ text: String) throws -> TextCounts {
        var counts = TextCounts()
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=").map(String.init)
            guard pair.count == 2, let number = Int(pair[1]), number >= 0,
                let path = names.first(where: { $0.0 == pair[0] })?.1
            else { throw ValidationError("\(part) is no count.") }
            counts[keyPath: path] = number
        }
        return counts
    }

    private func show(_ found: Readability, _ file: String) {
        let scores = found.scores.map { (name: $0.formula.rawValue, value: Self.number($0.value)) }
        let features = found.features.map { (name: $0.feature.rawValue, value: Self.number($0.value)) }
        let counts = Self.names.map { (name: $0.0, value: String(found.counts[keyPath: $0.1])) }
        let text: String
        if json {
            let members = [
                ("file", JSONText.quote(file)), ("language", JSONText.quote(found.language)),
                ("counts", JSONText.object(counts.map { ($0.name, $0.value) })),
                ("scores", JSONText.object(scores.map { ($0.name, $0.value) })),
                ("features", JSONText.object(features.map { ($0.name, $0.value) })),
            ]
            text = JSONText.object(members) + "\n"
        } else {
            let lines = (scores + features).map { "  \($0.name) \($0.value)" }
            text = (["\(file): \(found.language)"] + lines).joined(separator: "\n") + "\n"
        }
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func number(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
}
