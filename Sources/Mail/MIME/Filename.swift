/// Names of attachments that are safe to show and to store under.
enum Filename {
    static let maximumBytes = 255

    /// Without folders, control and bidirectional characters, at most 255 bytes of UTF-8; empty when nothing is left.
    static func cleaned(_ name: String) -> String {
        var scalars: [Unicode.Scalar] = []
        for scalar in name.unicodeScalars {
            if scalar == "/" || scalar == "\\" {
                scalars = []
            } else if !isForbidden(scalar) {
                scalars.append(scalar)
            }
        }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        let lead = scalars.drop { $0.properties.isWhitespace }
        if lead.allSatisfy({ $0 == "." }) { return "" }
        return shortened(Array(lead))
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x061C, 0xFEFF,
            0xFFF9...0xFFFB:
            return true
        default: return false
        }
    }

    /// Cuts the stem and keeps a short extension.
    private static func shortened(_ scalars: [Unicode.Scalar]) -> String {
        let whole = text(scalars[...])
        guard whole.utf8.count > maximumBytes else { return whole }
        var ending: ArraySlice<Unicode.Scalar> = []
        if let dot = scalars.lastIndex(of: "."), text(scalars[dot...]).utf8.count <= 20 { ending = scalars[dot...] }
        let suffix = text(ending)
        var stem = ""
        for scalar in scalars.dropLast(ending.count) {
            guard stem.utf8.count + UTF8.width(scalar) + suffix.utf8.count <= maximumBytes else { break }
            stem.unicodeScalars.append(scalar)
        }
        return stem + suffix
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var out = ""
        out.unicodeScalars.append(contentsOf: scalars)
        return out
    }
}
