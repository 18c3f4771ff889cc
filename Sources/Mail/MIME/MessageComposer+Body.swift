import CGMime

/// The parts of an outgoing mail. Every function returns an object the caller owns.
extension MessageComposer {
    static func makeBody(_ message: OutgoingMessage) -> UnsafeMutablePointer<GMimeObject>? {
        let text = TextClean.clean(message.text)
        let plain = makePart("plain", text)
        let rich = makePart(
            "html", OutgoingHTML.document(body: message.html ?? OutgoingHTML.fragment(text), language: message.language)
        )
        if let language = message.language, ASCII.isPure(language.utf8),
            language.utf8.allSatisfy({ ASCII.isLetter($0) || $0 == 0x2D })
        {
            for part in [plain, rich] { g_mime_object_set_header(part, "Content-Language", language, nil) }
        }
        let alternative = makeMultipart("alternative", [plain, rich], boundary: boundary(message, "a"))
        guard !message.attachments.isEmpty else { return alternative }
        let files = message.attachments.map { makePart($0) }
        return makeMultipart("mixed", [alternative] + files, boundary: boundary(message, "m"))
    }

    /// Told from the Message-ID and the text: the same message is always written the same.
    private static func boundary(_ message: OutgoingMessage, _ level: String) -> String {
        let digest = TransferEncoding.identity.measure(Array((level + message.messageID + message.text).utf8)[...])
            .digest
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "=_" + level + "_" + String(decoding: hex, as: UTF8.self)
    }

    private static func makeMultipart(
        _ subtype: String, _ parts: [UnsafeMutablePointer<GMimeObject>?], boundary: String
    ) -> UnsafeMutablePointer<GMimeObject>? {
        guard let multipart = g_mime_multipart_new_with_subtype(subtype) else { return nil }
        g_mime_multipart_set_boundary(multipart, boundary)
        for part in parts {
            g_mime_multipart_add(multipart, part)
            g_object_unref(part)
        }
        return UnsafeMutableRawPointer(multipart).assumingMemoryBound(to: GMimeObject.self)
    }

    /// Text in UTF-8; quoted-printable where most of it is ASCII, else base64.
    private static func makePart(_ subtype: String, _ text: String) -> UnsafeMutablePointer<GMimeObject>? {
        guard let part = g_mime_part_new_with_type("text", subtype) else { return nil }
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        let high = bytes.count { $0 >= 0x80 }
        let object = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeObject.self)
        g_mime_object_set_content_type_parameter(object, "charset", "utf-8")
        // The text in the canonical form of RFC 2045: CRLF before it is encoded.
        fill(
            part, canonical(bytes),
            high * 3 > bytes.count ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return object
    }

    private static func makePart(_ attachment: OutgoingAttachment) -> UnsafeMutablePointer<GMimeObject>? {
        if attachment.isOriginal { return makeOriginal(attachment) }
        let type = attachment.contentType.split(separator: "/").map(String.init)
        // A mail within a mail must not be base64 (RFC 2046); as a plain file it may.
        let isMail = type[0].lowercased() == "message" || type[0].lowercased() == "multipart"
        guard let part = g_mime_part_new_with_type(isMail ? "application" : type[0], isMail ? "octet-stream" : type[1])
        else { return nil }
        let object = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeObject.self)
        g_mime_object_set_disposition(object, "attachment")
        let name = Filename.cleaned(attachment.filename)
        if !name.isEmpty { g_mime_part_set_filename(part, name) }
        fill(part, attachment.bytes, GMIME_CONTENT_ENCODING_BASE64)
        return object
    }

    /// A mail within this mail, byte for byte. RFC 2046 wants message/rfc822 in clear text, so one with other bytes
    /// goes as
    /// message/global, which RFC 6532 lets be encoded.
    private static func makeOriginal(_ attachment: OutgoingAttachment) -> UnsafeMutablePointer<GMimeObject>? {
        let isClear = isClearText(attachment.bytes)
        guard let part = g_mime_part_new_with_type("message", isClear ? "rfc822" : "global") else { return nil }
        let object = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeObject.self)
        g_mime_object_set_disposition(object, "attachment")
        let name = Filename.cleaned(attachment.filename)
        if !name.isEmpty { g_mime_part_set_filename(part, name) }
        fill(part, attachment.bytes, isClear ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_BASE64)
        return object
    }

    /// ASCII without NUL, in lines that SMTP carries.
    private static func isClearText(_ bytes: [UInt8]) -> Bool {
        var length = 0
        for byte in bytes {
            length = byte == 0x0A ? 0 : length + 1
            if byte == 0 || byte >= 0x80 || length > 998 { return false }
        }
        return true
    }

    private static func fill(
        _ part: UnsafeMutablePointer<GMimePart>, _ bytes: [UInt8], _ encoding: GMimeContentEncoding
    ) {
        let stream = bytes.withUnsafeBytes { raw in
            g_mime_stream_mem_new_with_buffer(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
        }
        let content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT)
        g_mime_part_set_content(part, content)
        g_mime_part_set_content_encoding(part, encoding)
        g_object_unref(content)
        g_object_unref(stream)
    }

    private static func canonical(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 32)
        for byte in bytes {
            if byte == 0x0A { out.append(0x0D) }
            out.append(byte)
        }
        return out
    }
}
