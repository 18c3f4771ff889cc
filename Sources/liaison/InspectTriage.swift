import ArgumentParser
import Base
import Correspondence
import Foundation
import Server
import Text

/// What the keyword packs say of a text, as JSON.
struct InspectTriage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage", abstract: "What packs and starting model find in the text on standard input, as JSON.")

    @Option(help: "Language of the text; found out when it is not given.") var language: String?
    @Flag(help: "Each line is a text of its own.") var lines = false
    @Option(help: "Folder with the packs, instead of those of the program.") var packs: String?

    @Option(help: .hidden) var train: String?
    @Option(help: .hidden) var test: String?
    @Option(help: .hidden) var features: String?
    @Option(help: .hidden) var mails: String?
    @Option(help: .hidden) var cost: Double = 16

    private struct Answer: Encodable {
        struct Match: Encodable {
            var label: String
            var language: String
            var match: String
            var kind: String
            var why: String
        }

        var text: String?
        var language: String?
        var labels: [String]
        var matches: [Match]
        /// What the starting model suggests, in percent.
        var starting: [String: Int]
    }

    func run() async throws {
        var settings = Settings()
        settings.resources = ProcessInfo.processInfo.environment["LIAISON_RESOURCES"]
        let folder =
            try packs.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? Resources.folder(settings).appending(path: "Resources/triage/packs", directoryHint: .isDirectory)
        let packs = try KeywordPacks(folder: folder, reasons: true)
        let starting = try StartingModel(
            folder: Resources.folder(settings).appending(path: "Resources/triage/models", directoryHint: .isDirectory))
        if let train, let test {
            let trial = TriageTrial(
                train: train, test: test, features: features, starting: starting, mails: mails,
                cost: cost)
            return FileHandle.standardOutput.write(try trial.run(packs) + Data("\n".utf8))
        }
        let input = String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self)
        let texts = lines ? input.split(separator: "\n").map(String.init) : [input]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for text in texts {
            let spoken = language ?? LanguageDetector.detect(text)
            let found = packs.look(at: text)
            let labels = SpecialistLabel.allCases.filter { label in found.contains { $0.label == label } }
            let answer = Answer(
                text: lines ? text : nil, language: spoken, labels: labels.map(\.rawValue),
                matches: found.map {
                    Answer.Match(
                        label: $0.label.rawValue, language: $0.language, match: $0.match, kind: $0.kind.rawValue,
                        why: $0.why)
                },
                starting: Dictionary(
                    uniqueKeysWithValues: starting.look(at: text).filter { $0.percent >= 50 }
                        .map { ($0.label.rawValue, $0.percent) }))
            FileHandle.standardOutput.write(try encoder.encode(answer) + Data("\n".utf8))
        }
    }
}
