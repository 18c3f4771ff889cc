import ArgumentParser
import Base
import Foundation
import Mail

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how Liaison reads an input; touches no database.",
        subcommands: [InspectMail.self, InspectTriage.self, InspectRules.self, InspectReadability.self])

    struct InspectMail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mail", abstract: "Messages, mbox files, or - for standard input.")

        @Flag(help: "One JSON object a line.") var json = false
        @Argument(help: "Files.") var files: [String]

        func run() throws {
            ProcessMemory.keep()
            var isFine = true
            for file in files {
                do { try inspect(file) } catch let failure as Failure {
                    FileHandle.standardError.write(Data("liaison: \(file): \(failure.details)\n".utf8))
                    isFine = false
                }
            }
            if !isFine { throw ExitCode(65) }
        }

        private func inspect(_ file: String) throws {
            let url = URL(fileURLWithPath: file)
            if file != "-", MailSource.isMbox(url) {
                var reader = try MboxReader(url: url)
                while let item = try reader.next() { try show(item.content, file) }
                return
            }
            let data = file == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try? Data(contentsOf: url)
            guard let data else { throw Failure(.notFound, "error-not-found", details: "cannot be read") }
            show([UInt8](data), file)
        }

        private func show(_ content: MboxReader.Item.Content, _ file: String) throws {
            switch content {
            case .memory(let bytes): show(bytes, file)
            case .file(let url):
                defer { try? FileManager.default.removeItem(at: url) }
                show([UInt8](try Data(contentsOf: url)), file)
            }
        }

        private func show(_ bytes: [UInt8], _ file: String) {
            let parsed = MessageParser.parse(bytes)
            let text = json ? parsed.json(file: file) + "\n" : Self.plain(parsed, file)
            FileHandle.standardOutput.write(Data(text.utf8))
        }

        /// For people: the header that matters, and the new text.
        private static func plain(_ message: ParsedMessage, _ file: String) -> String {
            let from = message.from.map { "\($0.name) <\($0.address)>" }.joined(separator: ", ")
            var lines = [
                "\(file): \(message.kind.rawValue) \(message.language ?? "-")", "  \(from)", "  \(message.subject)",
            ]
            lines += message.attachments.map { "  + \($0.filename) \($0.contentType) \($0.size)" }
            if !message.problems.isEmpty { lines.append("  ! " + message.problems.joined(separator: " ")) }
            return lines.joined(separator: "\n") + "\n\n" + message.newText + "\n\n"
        }
    }
}
