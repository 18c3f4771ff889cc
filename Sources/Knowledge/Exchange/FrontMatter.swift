import Base
import Foundation

/// Lines `key: value` between two lines of dashes, before the words. Values are JSON; what is none is taken as it
/// stands, so that one can write them by hand.
struct FrontMatter: Equatable {
    enum Value: Equatable {
        case text(String)
        case list([String])
    }

    var values: [(key: String, value: Value)] = []
    var body = ""

    static func == (left: FrontMatter, right: FrontMatter) -> Bool {
        left.body == right.body && left.values.map(\.key) == right.values.map(\.key)
            && left.values.map(\.value) == right.values.map(\.value)
    }

    var text: String {
        var lines = ["---"]
        for (key, value) in values {
            switch value {
            case .text(let text): lines.append("\(key): \(JSONText.quote(text))")
            case .list(let list): lines.append("\(key): \(JSONText.array(list.map { JSONText.quote($0) }))")
            }
        }
        return (lines + ["---", "", body]).joined(separator: "\n") + "\n"
    }

    init(_ values: [(String, Value)], body: String) {
        self.values = values.map { (key: $0.0, value: $0.1) }
        self.body = body
    }

    /// Throws `invalid` where there is no front matter.
    init(parsing text: String, file: String) throws(Failure) {
        // Windows puts a mark before its first line and two signs at the end of each.
        let plain = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        let lines = plain.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        let isDashes = { (line: Substring) in line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace) }
        guard let first = lines.first, isDashes(first), let end = lines.dropFirst().firstIndex(where: isDashes) else {
            throw Failure(.invalid, "error-invalid", details: "\(file) has no front matter between two lines of ---")
        }
        for line in lines[1..<end] {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = Placeholder.trimmed(line[..<colon])
            values.append((key, Self.value(Placeholder.trimmed(line[line.index(after: colon)...]))))
        }
        var rest = lines[(end + 1)...]
        while rest.first?.isEmpty == true { rest = rest.dropFirst() }
        while rest.last?.isEmpty == true { rest = rest.dropLast() }
        body = rest.joined(separator: "\n")
    }

    private static func value(_ text: String) -> Value {
        let data = Data(text.utf8)
        if text.hasPrefix("[") {
            if let list = try? JSONDecoder().decode([String].self, from: data) { return .list(list) }
            let items = text.dropFirst().prefix { $0 != "]" }.split(separator: ",")
            return .list(items.map { Placeholder.trimmed($0) })
        }
        if text.hasPrefix("\""), let plain = try? JSONDecoder().decode([String].self, from: Data("[\(text)]".utf8)) {
            return .text(plain.first ?? "")
        }
        return .text(text)
    }

    subscript(_ key: String) -> String {
        for (name, value) in values where name == key {
            if case .text(let text) = value { return text }
        }
        return ""
    }

    func list(_ key: String) -> [String] {
        for (name, value) in values where name == key {
            switch value {
            case .list(let list): return list
            case .text(let text): return text.isEmpty ? [] : [text]
            }
        }
        return []
    }
}
