import Foundation

/// Words of an attachment, for search. Programs from outside run confined: no network, bounded time and memory.
package struct AttachmentText: Sendable {
    /// Bytes of text kept.
    private static let outputBytes = 2 << 20
    private static let inputBytes = 100 << 20
    private static let time: Duration = .seconds(10)

    private let pool: ParserPool
    private let launcher: String

    /// `launcher` must answer to the argument `confine` with `ConfineMain.run`.
    package init(pool: ParserPool, launcher: String = "/proc/self/exe") {
        self.pool = pool
        self.launcher = launcher
    }

    /// Nil when the type has no text, or its program is missing or failed.
    package func extract(contentType: String, filename: String, bytes: [UInt8]) async -> String? {
        guard bytes.count <= Self.inputBytes, let format = Format(contentType: contentType, filename: filename) else {
            return nil
        }
        switch format {
        case .plain: return try? await pool.readableText(Array(bytes.prefix(Self.outputBytes)), isHTML: false)
        case .html: return try? await pool.readableText(bytes, isHTML: true)
        case .pdf: return await run(["pdftotext", "-q", "-enc", "UTF-8", "-", "-"], memory: 512 << 20, bytes)
        case .document(let name):
            // Haskell's runtime reserves a terabyte of addresses; its memory is bounded by RLIMIT_DATA instead.
            let arguments = ["pandoc", "--sandbox", "-f", name, "-t", "plain", "--wrap=none"]
            return await run(arguments, memory: 0, bytes)
        }
    }

    private enum Format {
        case plain, html, pdf
        case document(String)

        init?(contentType: String, filename: String) {
            let ending = filename.lowercased().split(separator: ".").last.map(String.init) ?? ""
            let office = ["docx", "odt", "rtf", "epub"].first { ending == $0 }
            switch contentType.lowercased() {
            case "text/html", "application/xhtml+xml": self = .html
            case "application/pdf", "application/x-pdf": self = .pdf
            case "application/vnd.openxmlformats-officedocument.wordprocessingml.document": self = .document("docx")
            case "application/vnd.oasis.opendocument.text": self = .document("odt")
            case "application/rtf", "text/rtf": self = .document("rtf")
            case "application/epub+zip": self = .document("epub")
            case let type where type.hasPrefix("text/"): self = .plain
            default:
                if let office {
                    self = .document(office)
                } else if ending == "pdf" {
                    self = .pdf
                } else if ["txt", "md", "csv", "log", "json", "xml"].contains(ending) {
                    self = .plain
                } else if ["html", "htm"].contains(ending) {
                    self = .html
                } else {
                    return nil
                }
            }
        }
    }

    private func run(_ arguments: [String], memory: Int, _ input: [UInt8]) async -> String? {
        let program = ConfinedProgram(
            launcher: launcher, arguments: arguments, memory: memory, outputBytes: Self.outputBytes, time: Self.time)
        return await program.run(input).map { String(decoding: $0, as: UTF8.self) }
    }
}
