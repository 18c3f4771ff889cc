import Base
import Foundation

/// A folder's name as IMAP and libcurl want it.
enum FolderName {
    /// Modified UTF-7 (RFC 3501, 5.1.3): printable ASCII as it is, the rest as base64 of UTF-16 between `&` and `-`.
    static func encoded(_ name: String) -> String {
        var out = ""
        var waiting: [UInt8] = []
        for scalar in name.unicodeScalars {
            if (32...126).contains(scalar.value) {
                out += flushed(&waiting)
                out += scalar == "&" ? "&-" : String(scalar)
            } else {
                for unit in String(scalar).utf16 { waiting += [UInt8(unit >> 8), UInt8(unit & 255)] }
            }
        }
        return out + flushed(&waiting)
    }

    private static func flushed(_ units: inout [UInt8]) -> String {
        guard !units.isEmpty else { return "" }
        defer { units = [] }
        let base64 = Data(units).base64EncodedString()
        return "&" + base64.filter { $0 != "=" }.map { $0 == "/" ? "," : String($0) }.joined() + "-"
    }

    /// An argument of a command; after encoding no line end is left in it.
    static func quoted(_ name: String) -> String {
        let inner = encoded(name).map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(inner)\""
    }

    /// A segment of a URL: everything but letters and digits as %XX.
    static func inURL(_ name: String) -> String {
        encoded(name).utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : hex(byte)
        }.joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }
}
