import Base
import CGMime

/// Outgoing mail as bytes: 7-bit, CRLF, lines of at most 998 bytes, nothing about the machine that wrote it.
///
/// 1. Every header value is checked: control characters and over-long values are refused, never repaired.
/// 2. Text and HTML made from it become multipart/alternative; attachments make it multipart/mixed.
/// 3. GMime writes it.
package enum MessageComposer {
    /// UTF-8 bytes of one header value.
    package static let maximumValueBytes = 4096

    /// The finished message. Throws `invalid` when a value must not stand in a header; the same input fails again.
    package static func compose(_ message: OutgoingMessage) throws(Failure) -> [UInt8] {
        try check(message)
        MIMEDocument.prepareLibrary()
        guard let object = g_mime_message_new(0) else { throw Failure(.internal, "mail-compose-failed") }
        defer { g_object_unref(object) }
        writeHeaders(message, object)
        let body = makeBody(message)
        g_mime_message_set_mime_part(object, body)
        g_object_unref(body)
        return object.withMemoryRebound(to: GMimeObject.self, capacity: 1) { serialised($0) }
    }

    // MARK: Checks

    private static func check(_ message: OutgoingMessage) throws(Failure) {
        guard !message.from.address.isEmpty, !message.messageID.isEmpty else {
            throw Failure(.invalid, "mail-header-missing")
        }
        for address in [message.from] + message.to + message.cc + message.replyTo { try check(address) }
        try check(message.subject)
        for id in [message.messageID] + message.inReplyTo + message.references { try checkID(id) }
        if let value = message.autoSubmitted {
            guard ["auto-replied", "auto-generated", "auto-notified"].contains(value) else {
                throw Failure(.invalid, "mail-header-value-invalid")
            }
        }
        for attachment in message.attachments {
            try check(attachment.filename)
            try checkType(attachment.contentType)
        }
    }

    private static func check(_ value: String) throws(Failure) {
        guard value.utf8.count <= maximumValueBytes else { throw Failure(.invalid, "mail-header-value-long") }
        let isBad = value.unicodeScalars.contains { scalar in
            (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029
        }
        if isBad { throw Failure(.invalid, "mail-header-value-invalid") }
    }

    /// One `@`, nothing that could end the address. A domain beyond ASCII is written as IDNA; a local part beyond ASCII
    /// stands as it is (RFC 6532), and only servers with SMTPUTF8 take it.
    private static func check(_ address: MailAddress) throws(Failure) {
        try check(address.name)
        let text = address.address
        guard let at = text.lastIndex(of: "@"), at != text.startIndex, text.index(after: at) != text.endIndex,
            text.utf8.count <= 320
        else { throw Failure(.invalid, "mail-address-invalid") }
        let isPlain = { (byte: UInt8) in byte > 0x20 && byte != 0x7F && !"<>(),;:\\\"[]".utf8.contains(byte) }
        guard text.utf8.allSatisfy(isPlain), !text[..<at].utf8.contains(0x40) else {
            throw Failure(.invalid, "mail-address-invalid")
        }
        try check(text)
    }

    private static func checkID(_ id: String) throws(Failure) {
        let isPlain = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && byte != 0x3C && byte != 0x3E }
        guard !id.isEmpty, id.utf8.count <= 900, id.utf8.allSatisfy(isPlain) else {
            throw Failure(.invalid, "mail-message-id-invalid")
        }
    }

    private static func checkType(_ type: String) throws(Failure) {
        let parts = type.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        let isToken = { (byte: UInt8) in
            ASCII.isLetter(byte) || ASCII.isDigit(byte) || "!#$&-^_.+".utf8.contains(byte)
        }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.count <= 127 && $0.allSatisfy(isToken) }) else {
            throw Failure(.invalid, "mail-content-type-invalid")
        }
    }

    // MARK: Headers

    private static func writeHeaders(_ message: OutgoingMessage, _ object: UnsafeMutablePointer<GMimeMessage>) {
        let date = g_date_time_new_from_unix_utc(gint64(message.date / 1000))
        g_mime_message_set_date(object, date)
        g_date_time_unref(date)
        add([message.from], GMIME_ADDRESS_TYPE_FROM, object)
        add(message.replyTo, GMIME_ADDRESS_TYPE_REPLY_TO, object)
        add(message.to, GMIME_ADDRESS_TYPE_TO, object)
        add(message.cc, GMIME_ADDRESS_TYPE_CC, object)
        g_mime_message_set_subject(object, message.subject, "utf-8")
        g_mime_message_set_message_id(object, message.messageID)
        object.withMemoryRebound(to: GMimeObject.self, capacity: 1) { plain in
            set("In-Reply-To", ids(message.inReplyTo), plain)
            set("References", ids(message.references), plain)
            set("Auto-Submitted", message.autoSubmitted ?? "", plain)
            set("MIME-Version", "1.0", plain)
        }
    }

    private static func add(
        _ addresses: [MailAddress], _ type: GMimeAddressType, _ object: UnsafeMutablePointer<GMimeMessage>
    ) {
        for address in addresses {
            let name = address.name.isEmpty ? nil : address.name
            let mailbox = internet_address_mailbox_new(name, address.address)
            mailbox?.withMemoryRebound(to: InternetAddressMailbox.self, capacity: 1) { typed in
                if !ASCII.isPure(address.address.utf8), let plain = internet_address_mailbox_get_idn_addr(typed) {
                    internet_address_mailbox_set_addr(typed, String(cString: plain))
                }
            }
            internet_address_set_charset(mailbox, "utf-8")
            internet_address_list_add(g_mime_message_get_addresses(object, type), mailbox)
            g_object_unref(mailbox)
        }
    }

    /// As many ids as a header can hold: the first and the last ones, as RFC 5322 lets one shorten.
    private static func ids(_ ids: [String]) -> String {
        let kept = ids.count <= 100 ? ids : Array(ids.prefix(1)) + ids.suffix(99)
        return kept.map { "<\($0)>" }.joined(separator: " ")
    }

    private static func set(_ name: String, _ value: String, _ object: UnsafeMutablePointer<GMimeObject>) {
        if !value.isEmpty { g_mime_object_set_header(object, name, value, "utf-8") }
    }

    private static func serialised(_ object: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
        g_mime_object_encode(object, GMIME_ENCODING_CONSTRAINT_7BIT)
        let format = g_mime_format_options_new()
        defer { g_mime_format_options_free(format) }
        g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS)
        let stream = g_mime_stream_mem_new()
        defer { g_object_unref(stream) }
        _ = g_mime_object_write_to_stream(object, format, stream)
        let bytes = stream?.withMemoryRebound(to: GMimeStreamMem.self, capacity: 1) { memory -> [UInt8] in
            guard let array = g_mime_stream_mem_get_byte_array(memory), let data = array.pointee.data else { return [] }
            return [UInt8](UnsafeBufferPointer(start: data, count: Int(array.pointee.len)))
        }
        return bytes ?? []
    }
}
