/// Attributes that may stay, with their values checked.
enum HTMLSafeAttributes {
    private static let everywhere = ["dir", "lang", "title"]
    private static let numbers: [String: [String]] = [
        "img": ["width", "height"], "td": ["colspan", "rowspan", "width"], "th": ["colspan", "rowspan", "width"],
        "table": ["border", "cellpadding", "cellspacing", "width"], "ol": ["start"], "col": ["span"], "font": ["size"],
    ]
    private static let aligned: Set<String> = ["td", "th", "tr", "table", "p", "div", "h1", "h2", "h3", "col"]
    private static let properties: Set<String> = [
        "color", "background-color", "font-weight", "font-style", "text-align", "text-decoration", "direction",
        "vertical-align",
    ]

    static func of(_ element: HTMLElement, remoteImages: HTMLSanitizer.RemoteImages) -> [(String, String)] {
        var kept: [(String, String)] = []
        for name in everywhere {
            if let value = element.attribute(name), value.utf8.count <= 1000 { kept.append((name, clean(value))) }
        }
        for name in numbers[element.name] ?? [] {
            if let value = element.attribute(name), isNumber(value) { kept.append((name, value)) }
        }
        if aligned.contains(element.name) {
            for name in ["align", "valign"] {
                if let value = element.attribute(name), isWord(value) { kept.append((name, value)) }
            }
        }
        for name in ["bgcolor", "color"] {
            if let value = element.attribute(name), isColour(value) { kept.append((name, value)) }
        }
        if let style = element.attribute("style").map(style), !style.isEmpty { kept.append(("style", style)) }
        if element.name == "a" { kept += link(element) }
        if element.name == "img" { kept += image(element, remoteImages) }
        return kept
    }

    private static func link(_ element: HTMLElement) -> [(String, String)] {
        guard let address = element.attribute("href").flatMap({ address($0, ["http", "https", "mailto"]) }) else {
            return []
        }
        return [("href", address), ("rel", "noopener noreferrer nofollow")]
    }

    private static func image(_ element: HTMLElement, _ remote: HTMLSanitizer.RemoteImages) -> [(String, String)] {
        let alt = [("alt", clean(element.attribute("alt") ?? ""))]
        if let inline = element.attribute("src").flatMap({ address($0, ["cid"]) }) { return [("src", inline)] + alt }
        let source = element.attribute("src").flatMap { address($0, ["http", "https"]) }
        let blocked = element.attribute("data-remote-src").flatMap { address($0, ["http", "https"]) }
        guard let address = source ?? blocked else { return alt }
        return [(remote == .allowed ? "src" : "data-remote-src", address)] + alt
    }

    /// An address with one of these schemes, without white space and control characters; nil for all others.
    private static func address(_ value: String, _ schemes: [String]) -> String? {
        let bytes = value.utf8.filter { $0 > 0x20 && $0 != 0x7F }
        guard bytes.count <= 8000, let colon = bytes.firstIndex(of: 0x3A) else { return nil }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        return schemes.contains(scheme) ? scheme + String(decoding: bytes[colon...], as: UTF8.self) : nil
    }

    private static func clean(_ value: String) -> String {
        String(decoding: value.utf8.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }

    /// Declarations of the few allowed properties with plain values: no functions but colours, no escapes, no comments.
    private static func style(_ style: String) -> String {
        guard style.utf8.count <= 4000, !style.utf8.contains(0x5C), !style.contains("/*") else { return "" }
        let kept = style.split(separator: ";").compactMap { declaration -> String? in
            guard let colon = declaration.firstIndex(of: ":") else { return nil }
            let name = plain(declaration[..<colon])
            let value = plain(declaration[declaration.index(after: colon)...])
            guard properties.contains(name), isColour(value) || isWords(value) else { return nil }
            return "\(name):\(value)"
        }
        return kept.joined(separator: ";")
    }

    private static func plain(_ text: Substring) -> String {
        text.lowercased().split { $0.isWhitespace }.joined(separator: " ")
    }

    private static func isWord(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.count <= 20
            && value.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D }
    }

    private static func isWords(_ value: String) -> Bool {
        value.utf8.count <= 40 && !value.isEmpty
            && value.split(separator: " ").allSatisfy { isWord(String($0)) || isNumber(String($0)) }
    }

    /// A whole number, maybe with a percent or plus sign, of at most five digits.
    private static func isNumber(_ value: String) -> Bool {
        let digits = value.hasSuffix("%") ? value.dropLast() : value[...]
        return (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isColour(_ value: String) -> Bool {
        let bytes = Array(value.lowercased().utf8)
        guard (1...40).contains(bytes.count) else { return false }
        if bytes[0] == 0x23 {
            return bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
        if bytes.starts(with: Array("rgb(".utf8)) || bytes.starts(with: Array("rgba(".utf8)) {
            guard bytes.last == 0x29, let start = bytes.firstIndex(of: 0x28) else { return false }
            return bytes[(start + 1)..<(bytes.count - 1)].allSatisfy {
                (0x30...0x39).contains($0) || [0x20, 0x2C, 0x2E, 0x25].contains($0)
            }
        }
        return bytes.allSatisfy { (0x61...0x7A).contains($0) }
    }
}
