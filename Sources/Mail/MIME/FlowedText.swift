/// RFC 3676: paragraphs that were broken at a trailing space become one line again.
enum FlowedText {
    /// Quoted lines keep their depth as leading `>` and one space. Lines end with LF.
    static func unfold(_ text: String, deletesSpace: Bool) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var openDepth: Int?
        let bytes = Array(text.utf8)
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            var content = line.drop { $0 == 0x3E }
            let depth = line.count - content.count
            if content.first == 0x20 { content = content.dropFirst() }
            let isSignature = content.elementsEqual([0x2D, 0x2D, 0x20])
            let isFlowed = content.last == 0x20 && !isSignature
            if openDepth == nil || openDepth != depth || isSignature {
                if openDepth != nil { out.append(0x0A) }
                if depth > 0 {
                    for _ in 0..<depth { out.append(0x3E) }
                    out.append(0x20)
                }
            }
            out += isFlowed && deletesSpace ? content.dropLast() : content
            openDepth = isFlowed ? depth : nil
            if !isFlowed { out.append(0x0A) }
        }
        if out.last == 0x0A { out.removeLast() }
        return String(decoding: out, as: UTF8.self)
    }
}
