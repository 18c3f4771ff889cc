/// Finds tags in one pass over the bytes; knows comments and raw text, and no tree.
struct HTMLTagScanner {
    struct Tag {
        /// Lower case; at most 32 bytes.
        let name: String
        let isEnd: Bool
        /// White space outside quotes, which is about the number of attributes.
        let attributes: Int
        /// From `<` to behind `>`, raw content of script and style included.
        let range: Range<Int>
    }

    private let html: [UInt8]
    private var position = 0
    /// Set once no closing mark of this kind is left, so that it is not looked for again.
    private var isCommentEndless = false
    private var endlessRaw: Set<String> = []

    init(_ html: [UInt8]) { self.html = html }

    /// The next tag or comment (with an empty name); nil at the end.
    mutating func next() -> Tag? {
        while position < html.count {
            guard let start = html[position...].firstIndex(of: 0x3C), start + 1 < html.count else { return nil }
            position = start + 1
            let first = html[position]
            if first == 0x21 || first == 0x3F { return comment(from: start) }
            let isEnd = first == 0x2F
            let name = isEnd ? position + 1 : position
            guard name < html.count, isLetter(html[name]) else { continue }
            return tag(from: start, name: name, isEnd: isEnd)
        }
        return nil
    }

    private mutating func comment(from start: Int) -> Tag {
        let isLong = html[start...].starts(with: Array("<!--".utf8))
        if isLong && !isCommentEndless {
            if let end = find(Array("-->".utf8), from: start + 2) {
                position = end
                return Tag(name: "", isEnd: false, attributes: 0, range: start..<end)
            }
            isCommentEndless = true
        }
        position = html[position...].firstIndex(of: 0x3E).map { $0 + 1 } ?? html.count
        return Tag(name: "", isEnd: false, attributes: 0, range: start..<position)
    }

    private mutating func tag(from start: Int, name nameStart: Int, isEnd: Bool) -> Tag {
        var index = nameStart
        while index < html.count, html[index] > 0x20, html[index] != 0x3E, html[index] != 0x2F { index += 1 }
        let name = String(decoding: html[nameStart..<min(index, nameStart + 32)], as: UTF8.self).lowercased()
        var attributes = 0
        var quote: UInt8 = 0
        while index < html.count {
            let byte = html[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x3E {
                break
            } else if (byte == 0x22 || byte == 0x27) && html[index - 1] == 0x3D {
                quote = byte
            } else if byte <= 0x20 || byte == 0x2F {
                attributes += 1
            }
            index += 1
        }
        position = min(index + 1, html.count)
        if !isEnd && (name == "script" || name == "style" || name == "title") { skipRaw(name) }
        return Tag(name: name, isEnd: isEnd, attributes: attributes, range: start..<position)
    }

    private mutating func skipRaw(_ name: String) {
        guard !endlessRaw.contains(name) else { return }
        if let end = find(Array("</\(name)".utf8), from: position) {
            position = end - name.utf8.count - 2
        } else {
            endlessRaw.insert(name)
            position = html.count
        }
    }

    /// Index behind the first occurrence, letters compared without case.
    private func find(_ mark: [UInt8], from: Int) -> Int? {
        var index = from
        while index + mark.count <= html.count {
            if html[index] == mark[0]
                && mark.indices.allSatisfy({ html[index + $0] | ($0 > 1 ? caseBit(mark[$0]) : 0) == mark[$0] })
            {
                return index + mark.count
            }
            index += 1
        }
        return nil
    }

    private func caseBit(_ byte: UInt8) -> UInt8 { isLetter(byte) ? 0x20 : 0 }
    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
