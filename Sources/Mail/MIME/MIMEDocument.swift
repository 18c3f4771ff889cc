import CGMime

/// A node of the MIME tree as plain values: GMime's objects are gone when it is made.
struct MIMENode {
    /// `text/plain`, lower case.
    var type = "text/plain"
    var charset = ""
    var disposition = ""
    var filename = ""
    var contentID = ""
    /// `flowed` and so on, lower case.
    var format = ""
    var deletesSpace = false
    /// `start` of multipart/related, `report-type`, `smime-type`, `protocol`, whichever the type has; lower case.
    var detail = ""
    var encoding = TransferEncoding.identity
    /// Where the undecoded content stands in the raw bytes.
    var range = 0..<0
    var isMultipart = false
    /// Text before the first boundary; kept only where a multipart has no parts.
    var prologue: [UInt8] = []
    var children: [MIMENode] = []

    func isType(_ prefix: String) -> Bool { type.hasPrefix(prefix) }
}

/// What GMime sees in a mail, as plain values.
struct MIMEDocument {
    var headers = HeaderFields()
    var from: [MailAddress] = []
    var to: [MailAddress] = []
    var cc: [MailAddress] = []
    var replyTo: [MailAddress] = []
    var root = MIMENode()
    var problems: [String] = []

    private static let isReady: Bool = {
        g_mime_init()
        // A mail within a mail is one attachment: its bytes, not a second tree.
        for subtype in ["rfc822", "global", "news"] {
            g_mime_object_register_type("message", subtype, g_mime_part_get_type())
        }
        return true
    }()

    static func prepareLibrary() { _ = isReady }

    /// Parses without copying; every C object is released before it returns.
    init(_ bytes: [UInt8]) {
        MIMEDocument.prepareLibrary()
        bytes.withUnsafeBufferPointer { buffer in
            guard buffer.count > 0, buffer.count < Int(UInt32.max) else { return }
            // GMime only reads here: the stream is not written to and does not own the array.
            var array = GByteArray(data: UnsafeMutablePointer(mutating: buffer.baseAddress), len: guint(buffer.count))
            withUnsafeMutablePointer(to: &array) { read($0) }
        }
    }

    private mutating func read(_ array: UnsafeMutablePointer<GByteArray>) {
        let stream = g_mime_stream_mem_new_with_byte_array(array)
        defer { g_object_unref(stream) }
        stream?.withMemoryRebound(to: GMimeStreamMem.self, capacity: 1) { g_mime_stream_mem_set_owner($0, 0) }
        let parser = g_mime_parser_new_with_stream(stream)
        defer { g_object_unref(parser) }
        let options = g_mime_parser_options_new()
        defer { g_mime_parser_options_free(options) }
        // GMime's warnings stay off: with a callback set it takes a third longer. We look for ourselves.
        guard let message = g_mime_parser_construct_message(parser, options) else { return }
        defer { g_object_unref(message) }
        readHeaders(message, options)
        if let part = g_mime_message_get_mime_part(message) {
            var reader = NodeReader(data: UnsafePointer(array.pointee.data), count: Int(array.pointee.len))
            root = reader.node(part, depth: 0)
            problems += reader.problems
        }
    }

    private mutating func readHeaders(_ message: UnsafeMutablePointer<GMimeMessage>, _ options: OpaquePointer?) {
        message.withMemoryRebound(to: GMimeObject.self, capacity: 1) { object in
            headers = HeaderFields(g_mime_object_get_header_list(object))
        }
        from = addresses("from", g_mime_message_get_from(message), options)
        to = addresses("to", g_mime_message_get_to(message), options)
        cc = addresses("cc", g_mime_message_get_cc(message), options)
        replyTo = addresses("reply-to", g_mime_message_get_reply_to(message), options)
    }

    /// `list` is what GMime has read already; it does where the header is plain ASCII.
    private func addresses(
        _ name: String, _ list: UnsafeMutablePointer<InternetAddressList>?, _ options: OpaquePointer?
    ) -> [MailAddress] {
        guard let value = headers[name] else { return [] }
        return AddressHeaders.parse(value, alreadyRead: list, options)
    }
}
