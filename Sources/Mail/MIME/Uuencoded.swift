/// Files that old clients wrote into the text itself: `begin 644 name` … `end`.
enum Uuencoded {
    struct File {
        var name: String
        var bytes: [UInt8]
    }

    /// The text without the files, and the files in order; nil when there is none.
    static func extract(from text: String) -> (text: String, files: [File])? {
        guard text.utf8.count >= 10, text.holds("begin ") else { return nil }
        let lines = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
        var kept: [ArraySlice<UInt8>] = []
        var files: [File] = []
        var index = 0
        while index < lines.count {
            if let name = name(of: lines[index]), let end = end(of: lines, from: index + 1), files.count < 100 {
                let body = lines[index...end].joined(separator: [0x0A])
                files.append(File(name: name, bytes: decode(Array(body) + [0x0A])))
                index = end + 1
            } else {
                kept.append(lines[index])
                index += 1
            }
        }
        guard !files.isEmpty else { return nil }
        return (String(decoding: Array(kept.joined(separator: [0x0A])), as: UTF8.self), files)
    }

    private static func name(of line: ArraySlice<UInt8>) -> String? {
        guard ASCII.hasPrefix(line, "begin ") else { return nil }
        let rest = line.dropFirst(6)
        let mode = rest.prefix { $0 >= 0x30 && $0 <= 0x37 }
        guard mode.count == 3 || mode.count == 4, rest.dropFirst(mode.count).first == 0x20 else { return nil }
        let name = Filename.cleaned(EncodedWords.decode(Array(rest.dropFirst(mode.count + 1))))
        return name.isEmpty ? nil : name
    }

    /// The line `end`, if every line before it can be uuencoded.
    private static func end(of lines: [ArraySlice<UInt8>], from start: Int) -> Int? {
        var index = start
        while index < lines.count {
            let line = lines[index]
            if line.elementsEqual(Array("end".utf8)) { return index > start ? index : nil }
            guard let first = line.first, first >= 0x20, first <= 0x60, line.count <= 66 else { return nil }
            index += 1
        }
        return nil
    }

    /// `encoded` starts with the `begin` line.
    private static func decode(_ encoded: [UInt8]) -> [UInt8] { TransferEncoding.uuencode.decode(encoded) }
}
