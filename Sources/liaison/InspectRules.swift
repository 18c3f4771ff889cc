import ArgumentParser
import Base
import Correspondence
import Foundation
import Mail
import Server
import Text

/// Which rules of a file fit which mails, and how long each mail took, as JSON.
struct InspectRules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Which rules of a JSON file fit messages or mbox files, one JSON object a line."
    )

    @Option(help: "JSON list of {\"name\", \"conditions\": [{\"group\", \"place\", \"words\"}]}.") var rules: String
    @Flag(help: .hidden) var triage = false
    @Argument(help: "Messages or mbox files.") var files: [String]

    private struct Answer: Encodable {
        var subject: String
        var fits: [String]
        var microseconds: Double
    }

    func run() throws {
        var look = try RuleLook(Self.lines(rules))
        if triage { look.triage = try learn() }
        try eachMail { try show($0, look) }
    }

    /// Throws `invalid` for a file that holds no rules.
    static func lines(_ file: String) throws -> [RuleLook.Line] {
        do {
            return try JSONDecoder().decode(
                [RuleLook.Line].self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch { throw Failure(.invalid, "error-invalid", details: "\(file): cannot be read as a list of rules") }
    }

    private func eachMail(_ body: ([UInt8]) throws -> Void) throws {
        for file in files {
            let url = URL(fileURLWithPath: file)
            guard MailSource.isMbox(url) else {
                try body([UInt8](try Data(contentsOf: url)))
                continue
            }
            var reader = try MboxReader(url: url)
            while let item = try reader.next() {
                guard case .memory(let bytes) = item.content else { continue }
                try body(bytes)
            }
        }
    }

    /// The packs of the program, and a model of as many classes as a busy desk has, learned from the first mails.
    private func learn() throws -> (packs: KeywordPacks, model: LinearModel) {
        var texts: [SparseVector] = []
        try eachMail { bytes in
            guard texts.count < 1000 else { return }
            let parsed = MessageParser.parse(bytes)
            texts.append(FeatureHash.vector(of: parsed.subject + "\n" + parsed.newText))
        }
        var settings = Settings()
        settings.resources = ProcessInfo.processInfo.environment["LIAISON_RESOURCES"]
        let folder = try Resources.folder(settings).appending(
            path: "Resources/triage/packs", directoryHint: .isDirectory)
        return (try KeywordPacks(folder: folder), TriageTrial.model(ofManyClasses: texts))
    }

    private func show(_ bytes: [UInt8], _ look: RuleLook) throws {
        let parsed = MessageParser.parse(bytes)
        let (fits, microseconds) = look.look(at: parsed, raw: bytes)
        let answer = Answer(subject: parsed.subject, fits: fits, microseconds: microseconds)
        FileHandle.standardOutput.write(try JSONEncoder().encode(answer) + Data("\n".utf8))
    }
}
