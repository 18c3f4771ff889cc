/// A command line without its CRLF, understood or refused.
enum LMTPCommand: Equatable, Sendable {
    case lhlo
    case mail(sender: String, size: Int, isUTF8: Bool)
    case rcpt(address: String)
    case data
    case bdat(size: Int, isLast: Bool)
    case reset
    case noop
    case verify
    case quit
    case wrong(LMTPReply)

    /// `line` is without CRLF. Control characters and broken UTF-8 are refused here once for all commands.
    init(line: ArraySlice<UInt8>) {
        guard !line.contains(where: { ($0 < 32 && $0 != 9) || $0 == 127 }),
            let text = String(validating: line, as: UTF8.self)
        else {
            self = .wrong(.lineBroken)
            return
        }
        let (verb, argument) = Self.split(text)
        switch verb {
        case "LHLO": self = argument.isEmpty ? .wrong(.syntax) : .lhlo
        case "HELO", "EHLO": self = .wrong(.lhloOnly)
        case "MAIL": self = Self.mail(argument)
        case "RCPT": self = Self.rcpt(argument)
        case "DATA": self = argument.isEmpty ? .data : .wrong(.syntax)
        case "BDAT": self = Self.bdat(argument)
        case "RSET": self = argument.isEmpty ? .reset : .wrong(.syntax)
        case "NOOP": self = .noop
        case "VRFY": self = argument.isEmpty ? .wrong(.syntax) : .verify
        case "QUIT": self = argument.isEmpty ? .quit : .wrong(.syntax)
        default: self = .wrong(.unknownCommand)
        }
    }

    private static func split(_ text: String) -> (verb: String, argument: Substring) {
        let end = text.utf8.firstIndex(of: 0x20) ?? text.endIndex
        var argument = text[end...]
        while argument.utf8.first == 0x20 { argument = argument.dropFirst() }
        while argument.utf8.last == 0x20 { argument = argument.dropLast() }
        return (text[..<end].uppercased(), argument)
    }

    private static func mail(_ argument: Substring) -> LMTPCommand {
        guard let (path, parameters) = path(after: "FROM:", argument) else { return .wrong(.badSender) }
        var size = 0
        var isUTF8 = false
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.uppercased() }
            switch (parts.first, parts.count == 2 ? parts[1] : nil) {
            case ("SIZE", let value?):
                guard value.utf8.count <= 20, value.utf8.allSatisfy({ (48...57).contains($0) }) else {
                    return .wrong(.syntax)
                }
                size = Int(value) ?? .max
            case ("BODY", "7BIT"?), ("BODY", "8BITMIME"?): break
            case ("SMTPUTF8", nil): isUTF8 = true
            default: return .wrong(.unknownParameter)
            }
        }
        if !isUTF8, !path.utf8.allSatisfy({ $0 < 128 }) { return .wrong(.needsUTF8) }
        return .mail(sender: path, size: size, isUTF8: isUTF8)
    }

    private static func rcpt(_ argument: Substring) -> LMTPCommand {
        guard let (path, parameters) = path(after: "TO:", argument), !path.isEmpty else { return .wrong(.badAddress) }
        return parameters.isEmpty ? .rcpt(address: path) : .wrong(.unknownParameter)
    }

    private static func bdat(_ argument: Substring) -> LMTPCommand {
        let parts = argument.split(separator: " ")
        guard (1...2).contains(parts.count), parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
            let size = Int(parts[0]), parts.count == 1 || parts[1].uppercased() == "LAST"
        else { return .wrong(.syntax) }
        return .bdat(size: size, isLast: parts.count == 2)
    }

    /// The address between `<` and `>`, a source route removed, and the parameters behind it.
    private static func path(after keyword: String, _ argument: Substring) -> (String, [Substring])? {
        guard argument.utf8.count >= keyword.utf8.count,
            argument.prefix(keyword.count).uppercased() == keyword
        else { return nil }
        var rest = argument.dropFirst(keyword.count)
        while rest.utf8.first == 0x20 { rest = rest.dropFirst() }
        guard rest.utf8.first == 0x3C, let end = endOfPath(rest) else { return nil }
        var address = rest[rest.utf8.index(after: rest.startIndex)..<end]
        let behind = rest[rest.utf8.index(after: end)...]
        guard behind.isEmpty || behind.utf8.first == 0x20 else { return nil }
        if address.utf8.first == 0x40 {
            guard let colon = address.utf8.firstIndex(of: 0x3A) else { return nil }
            address = address[address.utf8.index(after: colon)...]
        }
        guard address.utf8.first != 0x40, address.utf8.last != 0x40 else { return nil }
        return (String(address), behind.split(separator: " "))
    }

    /// The closing `>`; inside quotes it is part of the address. Spaces and `<` outside quotes are refused.
    private static func endOfPath(_ text: Substring) -> Substring.Index? {
        var isQuoted = false
        var isEscaped = false
        var index = text.utf8.index(after: text.startIndex)
        while index < text.endIndex {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                isEscaped = byte == 0x5C
                if byte == 0x22 { isQuoted = false }
            } else if byte == 0x22 {
                isQuoted = true
            } else if byte == 0x3E {
                return index
            } else if byte <= 0x20 || byte == 0x3C {
                return nil
            }
            index = text.utf8.index(after: index)
        }
        return nil
    }
}
