import CGMime

/// Address headers: GMime finds the structure, names are decoded by our rules for lying charsets.
enum AddressHeaders {
    static let limit = 2000

    /// Reads one header value. Synchronous C inside; nothing of it stays.
    static func parse(
        _ value: [UInt8], alreadyRead: UnsafeMutablePointer<InternetAddressList>?, _ options: OpaquePointer?
    ) -> [MailAddress] {
        var found: [MailAddress] = []
        if EncodedWords.needsDecoding(value) {
            found = list(isWhollyEncoded(value) ? Array(EncodedWords.decode(value).utf8) : normalised(value), options)
        } else if let alreadyRead {
            collect(alreadyRead, into: &found, depth: 0)
        }
        if found.contains(where: { $0.address.utf8.contains(0x40) }) { return found }
        let loose = looseAddresses(value)
        return loose.isEmpty ? found : loose
    }

    /// Some encode the address along with the name. Where a readable address stands, nothing encoded becomes one.
    private static func isWhollyEncoded(_ value: [UInt8]) -> Bool {
        !value.contains(0x40) && EncodedWords.runs(value).contains { $0.isEncoded && $0.text.utf8.contains(0x40) }
    }

    private static func list(_ bytes: [UInt8], _ options: OpaquePointer?) -> [MailAddress] {
        let text = bytes.map { CChar(bitPattern: $0 == 0 ? 0x20 : $0) } + [0]
        guard let list = internet_address_list_parse(options, text) else { return [] }
        defer { g_object_unref(list) }
        var out: [MailAddress] = []
        collect(list, into: &out, depth: 0)
        return out
    }

    private static func collect(
        _ list: UnsafeMutablePointer<InternetAddressList>, into out: inout [MailAddress], depth: Int
    ) {
        for index in 0..<internet_address_list_length(list) where out.count < limit {
            guard let entry = internet_address_list_get_address(list, index) else { continue }
            let name = cleanName(internet_address_get_name(entry).map { String(cString: $0) } ?? "")
            if liaison_is_group(entry) != 0 {
                let group = UnsafeMutableRawPointer(entry).assumingMemoryBound(to: InternetAddressGroup.self)
                let before = out.count
                if depth < 3, let members = internet_address_group_get_members(group) {
                    collect(members, into: &out, depth: depth + 1)
                }
                if out.count == before, !name.isEmpty { out.append(MailAddress(name: name, address: "")) }
            } else if liaison_is_mailbox(entry) != 0 {
                let mailbox = UnsafeMutableRawPointer(entry).assumingMemoryBound(to: InternetAddressMailbox.self)
                add(name, text(of: mailbox), to: &out)
            }
        }
    }

    /// GMime shows `xn--` domains in Unicode; addresses are compared and answered in their ASCII form.
    private static func text(of mailbox: UnsafeMutablePointer<InternetAddressMailbox>) -> String {
        let shown = internet_address_mailbox_get_addr(mailbox).map { String(cString: $0) } ?? ""
        guard !ASCII.isPure(shown.utf8), let at = shown.utf8.lastIndex(of: 0x40), ASCII.isPure(shown.utf8[..<at]) else {
            return shown
        }
        return internet_address_mailbox_get_idn_addr(mailbox).map { String(cString: $0) } ?? shown
    }

    private static func add(_ name: String, _ address: String, to out: inout [MailAddress]) {
        var address = address
        if address.utf8.contains(0x3D), address.holds("=?") { address = EncodedWords.decode(Array(address.utf8)) }
        if address.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            address = String(address.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F })
        }
        address = withoutScheme(address)
        if !name.isEmpty || !address.isEmpty { out.append(MailAddress(name: name, address: address)) }
    }

    private static func withoutScheme(_ address: String) -> String {
        address.utf8.count > 7 && address.prefix(7).lowercased() == "mailto:" ? String(address.dropFirst(7)) : address
    }

    private static func cleanName(_ name: String) -> String {
        if name.isEmpty { return name }
        var text = name
        if text.holds("=?") { text = EncodedWords.decode(Array(text.utf8)) }
        text = EncodedWords.oneLine(Array(text.utf8))
        // `"'A B'" <…>` is Outlook's habit of quoting twice.
        if text.utf8.count > 2, text.hasPrefix("'"), text.hasSuffix("'") { text = String(text.dropFirst().dropLast()) }
        return text
    }

    /// The same header with every word decoded to UTF-8: encoded once more outside of quotes, raw inside.
    private static func normalised(_ value: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var isQuoted = false
        for run in EncodedWords.runs(value) {
            if run.isEncoded {
                let text = Array(EncodedWords.oneLine(Array(run.text.utf8)).utf8)
                if isQuoted {
                    for byte in text where byte != 0x22 && byte != 0x5C { out.append(byte) }
                } else {
                    out += encodedWord(text)
                }
                continue
            }
            var isEscaped = false
            for byte in run.text.utf8 {
                if byte == 0x22, !isEscaped { isQuoted.toggle() }
                isEscaped = byte == 0x5C && !isEscaped
                out.append(byte)
            }
        }
        return out
    }

    private static func encodedWord(_ text: [UInt8]) -> [UInt8] {
        var out = Array("=?utf-8?Q?".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text {
            if ASCII.isLetter(byte) || ASCII.isDigit(byte) {
                out.append(byte)
            } else {
                out += [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return out + Array("?=".utf8)
    }

    /// Words with an `@` in a header that has no readable structure.
    private static func looseAddresses(_ value: [UInt8]) -> [MailAddress] {
        let text = EncodedWords.decode(value)
        var out: [MailAddress] = []
        let isSeparator = { (scalar: Character) in scalar.isWhitespace || "<>,;\"'()[]".contains(scalar) }
        var name: [Substring] = []
        for word in text.split(whereSeparator: isSeparator).prefix(20_000) where out.count < limit {
            if let at = word.firstIndex(of: "@"), at != word.startIndex, word.index(after: at) != word.endIndex {
                out.append(MailAddress(name: name.joined(separator: " "), address: withoutScheme(String(word))))
                name = []
            } else {
                name.append(word)
            }
        }
        return out
    }
}
