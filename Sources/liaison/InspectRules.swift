import ArgumentParser
import Base
import Correspondence
import Foundation
import Mail

/// Which rules of a file fit which mails, and how long each mail took, as JSON.
struct InspectRules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Which rules of a JSON file fit messages or mbox files, one JSON object a line."
    )

    @Option(help: "JSON list of {\"name\", \"conditions\": [{\"group\", \"place\", \"words\"}]}.") var rules: String
    @Argument(help: "Messages or mbox files.") var files: [String]

    private struct Answer: Encodable {
        var subject: String
        var fits: [String]
        var microseconds: Double
    }

    func run() throws {
        let lines: [RuleLook.Line]
        do {
            lines = try JSONDecoder().decode(
                [RuleLook.Line].self, from: try Data(contentsOf: URL(fileURLWithPath: rules)))
        } catch { throw Failure(.invalid, "error-invalid", details: "\(rules): cannot be read as a list of rules") }
        let look = try RuleLook(lines)
        for file in files {
            let url = URL(fileURLWithPath: file)
            guard MailSource.isMbox(url) else {
                try show([UInt8](try Data(contentsOf: url)), look)
                continue
            }
            var reader = try MboxReader(url: url)
            while let item = try reader.next() {
                guard case .memory(let bytes) = item.content else { continue }
                try show(bytes, look)
            }
        }
    }

    private func show(_ bytes: [UInt8], _ look: RuleLook) throws {
        let parsed = MessageParser.parse(bytes)
        let (fits, microseconds) = look.look(at: parsed, raw: bytes)
        let answer = Answer(subject: parsed.subject, fits: fits, microseconds: microseconds)
        FileHandle.standardOutput.write(try JSONEncoder().encode(answer) + Data("\n".utf8))
    }
}
