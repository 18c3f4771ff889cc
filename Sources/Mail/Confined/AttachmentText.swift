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
        let (path, environment) = (launcher, ["LIAISON_CONFINE_MEMORY": String(memory)])
        return await withCheckedContinuation { continuation in
            OwnThread.start("attachment-text") {
                let child = ChildProcess(
                    path: path, arguments: ["confine", "--"] + arguments, environment: environment)
                guard let child else { return continuation.resume(returning: nil) }
                continuation.resume(returning: Self.pump(child, input))
            }
        }
    }

    /// Feeds the program and gathers its output until it ends, is too slow or says too much.
    private static func pump(_ started: consuming ChildProcess, _ input: [UInt8]) -> String? {
        var child = started
        let start = ContinuousClock.now
        var sent = 0
        var isFeeding = !input.isEmpty
        if !isFeeding { child.closeInput() }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ContinuousClock.now - start < time {
            if isFeeding {
                let count = input.withUnsafeBytes { child.writeSome(.init(rebasing: $0[sent...])) }
                sent += count ?? 0
                if count == nil || sent == input.count {
                    isFeeding = false
                    child.closeInput()
                }
            }
            guard let got = buffer.withUnsafeMutableBytes({ child.readSome(into: $0) }) else {
                return output.isEmpty ? nil : String(decoding: output, as: UTF8.self)
            }
            output.append(contentsOf: buffer[..<got])
            if output.count >= outputBytes { return String(decoding: output.prefix(outputBytes), as: UTF8.self) }
            if got == 0 { child.wait(writing: isFeeding, milliseconds: 100) }
        }
        return nil
    }
}
