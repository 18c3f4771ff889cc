import Base
import Foundation
import Hummingbird

/// What a form sent: fields by name, and files.
package struct Form: Sendable {
    package struct File: Sendable {
        package var name: String
        package var filename: String
        package var contentType: String
        package var bytes: [UInt8]
    }

    private static let fieldLimit = 2 << 20
    private static let fileLimit = 30 << 20

    private var values: [String: [String]] = [:]
    package private(set) var files: [File] = []

    package init(_ values: [String: [String]] = [:]) { self.values = values }

    /// Reads the body; `tooLarge` above 2 MiB, with files above 30 MiB.
    package static func read(_ request: Request) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        if type.lowercased().hasPrefix("multipart/form-data"), let boundary = boundary(of: type) {
            return try parse(multipart: try await request.bytes(upTo: fileLimit), boundary: boundary)
        }
        return Form(urlEncoded: String(decoding: try await request.bytes(upTo: fieldLimit), as: UTF8.self))
    }

    package init(urlEncoded text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? URLEncoding.decode(parts[1]) : ""
            values[URLEncoding.decode(parts[0]), default: []].append(value)
        }
    }

    /// The value of a field with LF line ends; empty when it was not sent.
    package subscript(_ name: String) -> String {
        (values[name]?.first ?? "").replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    /// A value without space around it.
    package func trimmed(_ name: String) -> String { self[name].trimmingCharacters(in: .whitespacesAndNewlines) }

    /// All values of a field that may come several times, such as checkboxes.
    package func all(_ name: String) -> [String] { values[name] ?? [] }

    package func has(_ name: String) -> Bool { values[name] != nil }

    private static func boundary(of type: String) -> String? {
        for part in type.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].trimmingCharacters(in: .whitespaces).lowercased() == "boundary" {
                return pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
            }
        }
        return nil
    }

    /// RFC 7578. Parts without a name are dropped; a body without its last boundary is `invalid`.
    static func parse(multipart bytes: [UInt8], boundary: String) throws(Failure) -> Form {
        var form = Form()
        let data = Data(bytes)
        let mark = Data("--\(boundary)".utf8)
        guard var start = data.range(of: mark)?.upperBound else { throw Failure(.invalid, "error-invalid") }
        while data[start...].starts(with: Data("\r\n".utf8)) {
            let partStart = start + 2
            guard let end = data.range(of: Data("\r\n".utf8) + mark, in: partStart..<data.endIndex),
                let head = data.range(of: Data("\r\n\r\n".utf8), in: partStart..<end.lowerBound)
            else { throw Failure(.invalid, "error-invalid") }
            let header = String(decoding: data[partStart..<head.lowerBound], as: UTF8.self)
            form.add(header: header, content: data[head.upperBound..<end.lowerBound])
            start = end.upperBound
        }
        return form
    }

    private mutating func add(header: String, content: Data) {
        var name: String?
        var filename: String?
        var type = "application/octet-stream"
        for line in header.split(whereSeparator: \.isNewline) {
            let lower = line.lowercased()
            if lower.hasPrefix("content-disposition:") {
                name = Self.parameter("name", in: String(line))
                filename = Self.parameter("filename", in: String(line))
            } else if lower.hasPrefix("content-type:") {
                type = line.dropFirst(13).trimmingCharacters(in: .whitespaces)
            }
        }
        guard let name else { return }
        if let filename {
            if !filename.isEmpty || !content.isEmpty {
                files.append(File(name: name, filename: filename, contentType: type, bytes: Array(content)))
            }
        } else {
            values[name, default: []].append(String(decoding: content, as: UTF8.self))
        }
    }

    /// `name="value"`; browsers write `%22` for a quotation mark inside.
    private static func parameter(_ name: String, in line: String) -> String? {
        guard let start = line.range(of: "; \(name)=\"")?.upperBound else { return nil }
        return String(line[start...].prefix { $0 != "\"" }).replacing("%22", with: "\"").replacing("%0D%0A", with: " ")
    }
}
