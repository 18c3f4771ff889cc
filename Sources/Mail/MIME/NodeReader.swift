import CGMime
import Glibc

/// Turns GMime's objects into `MIMENode` values, within the limits of parts and depth.
struct NodeReader {
    let data: UnsafePointer<UInt8>?
    let count: Int
    private(set) var problems: [String] = []
    private var parts = 0

    init(data: UnsafePointer<UInt8>?, count: Int) {
        self.data = data
        self.count = count
    }

    mutating func node(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int) -> MIMENode {
        var node = MIMENode()
        parts += 1
        readType(object, &node)
        node.disposition = text(g_mime_object_get_disposition(object)).lowercased()
        node.contentID = contentID(object)
        if liaison_is_multipart(object) != 0 {
            node.isMultipart = true
            object.withMemoryRebound(to: GMimeMultipart.self, capacity: 1) { readChildren($0, &node, depth) }
        } else if liaison_is_part(object) != 0 {
            node.filename = filename(object)
            object.withMemoryRebound(to: GMimePart.self, capacity: 1) { readContent($0, &node) }
        }
        return node
    }

    private func readType(_ object: UnsafeMutablePointer<GMimeObject>, _ node: inout MIMENode) {
        guard let type = g_mime_object_get_content_type(object) else { return }
        node.type =
            (text(g_mime_content_type_get_media_type(type)) + "/" + text(g_mime_content_type_get_media_subtype(type)))
            .lowercased()
        if node.type == "application/octet-stream" || node.type.hasPrefix("/"),
            let value = rawValue("Content-Type", object), !isType(value)
        {
            // RFC 2045 section 5.2: what names no type is text.
            node.type = "text/plain"
            node.charset = HeaderParameters.value(of: "charset", in: value) ?? ""
            return
        }
        func parameter(_ name: String) -> String { text(g_mime_content_type_get_parameter(type, name)) }
        if node.isType("text/") {
            node.charset = parameter("charset")
            if node.type == "text/plain" {
                node.format = parameter("format").lowercased()
                node.deletesSpace = parameter("delsp").lowercased() == "yes"
            }
        } else if node.type == "multipart/related" {
            node.detail = parameter("start")
        } else if node.type == "multipart/report" {
            node.detail = parameter("report-type").lowercased()
        } else if node.type == "multipart/signed" || node.type == "multipart/encrypted" {
            node.detail = parameter("protocol").lowercased()
        } else if node.isType("application/") {
            node.detail = parameter("smime-type").lowercased()
        }
    }

    /// Whether the value begins with `something/something`.
    private func isType(_ value: [UInt8]) -> Bool {
        let parts = value.prefix { $0 != 0x3B }.split(separator: 0x2F, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !ASCII.trimmed($0).isEmpty }
    }

    private mutating func readChildren(
        _ multipart: UnsafeMutablePointer<GMimeMultipart>, _ node: inout MIMENode, _ depth: Int
    ) {
        let total = g_mime_multipart_get_count(multipart)
        if total <= 0 { node.prologue = Array(text(g_mime_multipart_get_prologue(multipart)).utf8) }
        if total <= 0 {
            problems.append("boundary-missing")
        } else if multipart.pointee.write_end_boundary == 0 {
            problems.append("boundary-unterminated")
        }
        guard depth < MessageLimiter.depth else {
            problems.append("nesting-cut")
            return
        }
        for index in 0..<max(0, total) {
            guard parts < MessageLimiter.parts else {
                problems.append("parts-cut")
                return
            }
            if let child = g_mime_multipart_get_part(multipart, index) {
                node.children.append(self.node(child, depth: depth + 1))
            }
        }
    }

    private func readContent(_ part: UnsafeMutablePointer<GMimePart>, _ node: inout MIMENode) {
        node.encoding = encoding(of: part)
        guard let content = g_mime_part_get_content(part), let stream = g_mime_data_wrapper_get_stream(content) else {
            return
        }
        let start = Int(clamping: stream.pointee.bound_start)
        let end = stream.pointee.bound_end < 0 ? count : Int(clamping: stream.pointee.bound_end)
        guard start >= 0, start <= end, end <= count else { return }
        node.range = start..<end
    }

    private func encoding(of part: UnsafeMutablePointer<GMimePart>) -> TransferEncoding {
        let code = g_mime_part_get_content_encoding(part)
        guard code == GMIME_CONTENT_ENCODING_DEFAULT else { return TransferEncoding(code) }
        return part.withMemoryRebound(to: GMimeObject.self, capacity: 1) { object in
            rawValue("Content-Transfer-Encoding", object).map { TransferEncoding(leniently: $0) } ?? .identity
        }
    }

    /// A header as it stands there; at most 64 KiB of it.
    private func rawValue(_ name: String, _ object: UnsafeMutablePointer<GMimeObject>) -> [UInt8]? {
        guard let list = g_mime_object_get_header_list(object), let field = g_mime_header_list_get_header(list, name),
            let raw = g_mime_header_get_raw_value(field)
        else { return nil }
        let start = UnsafeRawPointer(raw).assumingMemoryBound(to: UInt8.self)
        return [UInt8](UnsafeBufferPointer(start: start, count: min(strlen(raw), 65_536)))
    }

    private func contentID(_ object: UnsafeMutablePointer<GMimeObject>) -> String {
        guard let id = g_mime_object_get_content_id(object) else { return "" }
        return EncodedWords.oneLine(Array(text(id).utf8.filter { $0 != 0x3C && $0 != 0x3E }.prefix(998)))
    }

    /// The name of Content-Disposition, else of Content-Type, cleaned.
    private func filename(_ object: UnsafeMutablePointer<GMimeObject>) -> String {
        for (header, name) in [("Content-Disposition", "filename"), ("Content-Type", "name")] {
            guard let value = rawValue(header, object), ASCII.find("name", in: value[...]) != nil else { continue }
            if let found = HeaderParameters.value(of: name, in: value), !found.isEmpty {
                let clean = Filename.cleaned(found)
                if !clean.isEmpty { return clean }
            }
        }
        return ""
    }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
