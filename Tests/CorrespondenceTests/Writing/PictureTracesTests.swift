import Testing

@testable import Correspondence

/// Pictures that leave tell nothing of whoever made them.
struct PictureTracesTests {
    private static let secret = Array("Anastasia 27.7172N 85.3240E".utf8)

    private static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + body
    }

    /// Exif with a turn, little-endian, and words behind it.
    private static func exif(turn: UInt8) -> [UInt8] {
        Array("Exif\0\0II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0, 0, 0, 0, 0]
            + secret
    }

    private static let scan: [UInt8] = [1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4]

    private static func jpeg(turn: UInt8) -> [UInt8] {
        [0xFF, 0xD8] + segment(0xE0, Array("JFIF\0".utf8) + [1, 1]) + segment(0xE1, exif(turn: turn))
            + segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + secret) + segment(0xED, secret)
            + segment(0xFE, secret) + segment(0xE2, Array("ICC_PROFILE\0".utf8) + [9]) + segment(0xE2, secret)
            + segment(0xDB, [0, 1]) + segment(0xDA, [1]) + scan + segment(0xC4, [7]) + segment(0xDA, [2]) + scan
            + [0xFF, 0xD9]
    }

    @Test func `a photo keeps its picture, its colours and its turn, and nothing else`() {
        let kept =
            Self.segment(0xE0, Array("JFIF\0".utf8) + [1, 1]) + Self.segment(0xE2, Array("ICC_PROFILE\0".utf8) + [9])
            + Self.segment(0xDB, [0, 1]) + Self.segment(0xDA, [1]) + Self.scan + Self.segment(0xC4, [7])
            + Self.segment(0xDA, [2]) + Self.scan + [0xFF, 0xD9]

        let plain = PictureTraces.removed(from: Self.jpeg(turn: 1) + Self.secret)
        let turned = PictureTraces.removed(from: Self.jpeg(turn: 6))

        #expect(plain == [0xFF, 0xD8] + kept)
        #expect(turned.suffix(kept.count) == kept[...])
        let head = turned.dropFirst(2).dropLast(kept.count)
        #expect(head.starts(with: [0xFF, 0xE1]) && head.contains(6) && head.count == 36)
        #expect(PictureTraces.removed(from: turned) == turned)
    }

    @Test func `a drawing loses its words and its day`() {
        func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(body.count)] + Array(kind.utf8) + body + [1, 2, 3, 4]
        }
        let head: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let picture = chunk("IHDR", [1]) + chunk("IDAT", [5, 6])
        let bytes =
            head + chunk("IHDR", [1]) + chunk("tEXt", Self.secret) + chunk("eXIf", Self.secret) + chunk("tIME", [1])
            + chunk("iTXt", Self.secret) + chunk("IDAT", [5, 6]) + chunk("IEND", []) + Self.secret

        #expect(PictureTraces.removed(from: bytes) == head + picture + chunk("IEND", []))
    }

    @Test func `a WebP loses its Exif data and says so`() {
        func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
            Array(kind.utf8) + [UInt8(body.count), 0, 0, 0] + body + (body.count % 2 == 1 ? [0] : [])
        }
        func file(_ body: [UInt8]) -> [UInt8] {
            Array("RIFF".utf8) + [UInt8(body.count + 4), 0, 0, 0] + Array("WEBP".utf8) + body
        }
        let bytes = file(
            chunk("VP8X", [0x1C, 0, 0, 0]) + chunk("VP8 ", [7, 8, 9]) + chunk("EXIF", Self.secret)
                + chunk("XMP ", Self.secret))

        #expect(
            PictureTraces.removed(from: bytes) == file(chunk("VP8X", [0x10, 0, 0, 0]) + chunk("VP8 ", [7, 8, 9])))
    }

    @Test func `what is broken or no picture stays as it is`() {
        let cut = Array(Self.jpeg(turn: 6).prefix(60))
        for bytes in [cut, Array("Words".utf8), [], [0xFF, 0xD8, 0xFF], Array("RIFF1234WEBPVP8 ".utf8)] {
            #expect(PictureTraces.removed(from: bytes) == bytes)
        }
    }
}
