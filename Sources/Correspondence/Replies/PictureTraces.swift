import Base

/// Takes out of pictures what they tell of whoever made them: the place, the camera and its number, names, comments,
/// a second picture behind the first. How it is turned and its colours stay. Anything that is not whole is left as it
/// is, and so are all other files.
enum PictureTraces {
    static func removed(from bytes: [UInt8]) -> [UInt8] {
        let clean: [UInt8]? =
            if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
                jpeg(bytes)
            } else if bytes.starts(with: pngSignature) {
                png(bytes)
            } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
                webp(bytes)
            } else {
                nil
            }
        return clean ?? bytes
    }

    // MARK: - JPEG

    /// Markers without a length: restarts.
    private static let restarts: ClosedRange<UInt8> = 0xD0...0xD7

    private static func jpeg(_ bytes: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = [0xFF, 0xD8]
        var (index, turn) = (2, UInt8(1))
        var kept: [UInt8] = []
        while index + 4 <= bytes.count, bytes[index] == 0xFF {
            let marker = bytes[index + 1]
            if marker == 0xD9 { return head(&out, turn) + kept + [0xFF, 0xD9] }
            let length = Int(bytes[index + 2]) << 8 | Int(bytes[index + 3])
            guard length >= 2, index + 2 + length <= bytes.count else { return nil }
            let body = bytes[(index + 4)..<(index + 2 + length)]
            if marker == 0xE1, let found = orientation(Array(body)) { turn = found }
            if isKept(marker, body) { kept += bytes[index..<(index + 2 + length)] }
            index += 2 + length
            guard marker == 0xDA else { continue }
            guard let end = endOfScan(bytes, from: index) else { return nil }
            kept += bytes[index..<end]
            index = end
            // What begins with an end is the end, whatever follows.
            if index + 2 <= bytes.count, bytes[index + 1] == 0xD9 { return head(&out, turn) + kept + [0xFF, 0xD9] }
        }
        return nil
    }

    private static func head(_ out: inout [UInt8], _ turn: UInt8) -> [UInt8] {
        guard turn > 1 else { return out }
        let tiff: [UInt8] = [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0,
        ]
        let body = Array("Exif\0\0".utf8) + tiff
        return out + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
    }

    /// JFIF, colour profiles and Adobe's sign of its colours, and all that is the picture itself.
    private static func isKept(_ marker: UInt8, _ body: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xE0: body.starts(with: Array("JFIF\0".utf8))
        case 0xE2: body.starts(with: Array("ICC_PROFILE\0".utf8))
        case 0xEE: body.starts(with: Array("Adobe".utf8))
        case 0xE1...0xEF, 0xFE: false
        default: true
        }
    }

    /// The place of the marker after the data of a scan.
    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < bytes.count {
            let next = bytes[index + 1]
            if bytes[index] == 0xFF, next != 0, next != 0xFF, !restarts.contains(next) { return index }
            index += 1
        }
        return nil
    }

    /// How the picture is to be turned, of the first directory of its Exif data; nil where it does not say.
    private static func orientation(_ body: [UInt8]) -> UInt8? {
        guard body.starts(with: Array("Exif\0\0".utf8)), body.count >= 14 else { return nil }
        let tiff = Array(body.dropFirst(6))
        let isBig = tiff[0] == 0x4D
        func number(_ at: Int, _ size: Int) -> Int? {
            guard at >= 0, at + size <= tiff.count else { return nil }
            let part = isBig ? Array(tiff[at..<at + size]) : tiff[at..<at + size].reversed()
            return part.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<min(count, 200) {
            let at = directory + 2 + 12 * entry
            guard number(at, 2) == 0x0112 else { continue }
            return number(at + 8, 2).flatMap { (1...8).contains($0) ? UInt8($0) : nil }
        }
        return nil
    }

    // MARK: - PNG

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let pngTraces: Set<String> = ["eXIf", "tEXt", "iTXt", "zTXt", "tIME"]

    private static func png(_ bytes: [UInt8]) -> [UInt8]? {
        var (out, index) = (pngSignature, 8)
        while index + 12 <= bytes.count {
            let length = bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = index + 12 + length
            guard end <= bytes.count else { return nil }
            let kind = String(decoding: bytes[index + 4..<index + 8], as: UTF8.self)
            if !pngTraces.contains(kind) { out += bytes[index..<end] }
            if kind == "IEND" { return out }
            index = end
        }
        return nil
    }

    // MARK: - WebP

    private static func webp(_ bytes: [UInt8]) -> [UInt8]? {
        var (out, index) = (Array("WEBP".utf8), 12)
        while index + 8 <= bytes.count {
            let kind = String(decoding: bytes[index..<index + 4], as: UTF8.self)
            let length = bytes[index + 4..<index + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
            let end = index + 8 + length + length % 2
            guard end <= bytes.count else { return nil }
            if kind == "VP8X", length >= 1 {
                var chunk = Array(bytes[index..<end])
                // Exif and XMP are not there any more.
                chunk[8] &= ~0x0C
                out += chunk
            } else if kind != "EXIF", kind != "XMP " {
                out += bytes[index..<end]
            }
            index = end
        }
        guard out.count > 4 else { return nil }
        let size = (0..<4).map { UInt8(truncatingIfNeeded: out.count >> (8 * $0)) }
        return Array("RIFF".utf8) + size + out
    }
}
