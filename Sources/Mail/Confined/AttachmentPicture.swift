/// A small picture of an attachment, made by programs that run confined; the original is never shown.
package struct AttachmentPicture: Sendable {
    private static let inputBytes = 50 << 20
    private static let outputBytes = 8 << 20
    private static let time: Duration = .seconds(10)
    private static let memory = 1 << 30
    /// Pixels of the longer side.
    private static let size = 1000

    private let launcher: String

    package init(launcher: String = "/proc/self/exe") { self.launcher = launcher }

    /// Whether a type can have a picture: pixels and PDF; drawings with scripts in them (SVG) cannot.
    package static func canShow(_ contentType: String) -> Bool { arguments(contentType) != nil }

    /// PNG; nil when the type has none, or the file could not be read in time.
    package func make(contentType: String, bytes: [UInt8]) async -> [UInt8]? {
        guard bytes.count <= Self.inputBytes, let arguments = Self.arguments(contentType) else { return nil }
        let program = ConfinedProgram(
            launcher: launcher, arguments: arguments, memory: Self.memory, outputBytes: Self.outputBytes,
            time: Self.time)
        guard let picture = await program.run(bytes), picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        return picture
    }

    private static func arguments(_ contentType: String) -> [String]? {
        switch contentType.lowercased() {
        case "application/pdf", "application/x-pdf":
            ["pdftoppm", "-q", "-png", "-f", "1", "-l", "1", "-scale-to", String(size), "-"]
        case "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp", "image/heic",
            "image/avif":
            ["vipsthumbnail", "stdin", "-s", "\(size)x\(size)>", "-o", ".png[strip]"]
        default: nil
        }
    }
}
