import CQREncode

/// A QR code as the path of an SVG, in units of one module.
struct QRCode: Sendable {
    /// Modules on a side, with the quiet zone of four on every side.
    let size: Int
    /// For the attribute `d`.
    let path: String

    private static let margin = 4

    /// Nil when the text is too long for a QR code.
    init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let modules = code.pointee.data else { return nil }
        var path = ""
        for y in 0..<width {
            var x = 0
            while x < width {
                var length = 0
                while x + length < width, modules[y * width + x + length] & 1 == 1 { length += 1 }
                if length > 0 { path += "M\(x + Self.margin) \(y + Self.margin)h\(length)v1h-\(length)z" }
                x += max(1, length)
            }
        }
        size = width + 2 * Self.margin
        self.path = path
    }
}
