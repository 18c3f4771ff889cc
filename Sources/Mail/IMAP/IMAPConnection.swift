import Base
import CCurl
import Foundation

/// One connection to an IMAP server through libcurl. Blocks; stays on its thread.
///
/// libcurl's own FETCH is the only one that gives whole messages, and it SELECTs a folder first, which makes what is
/// read seen. So libcurl selects once, then EXAMINE goes out as a custom command it does not understand: it still
/// believes in its SELECT, while the server reads only. A search answer over 16 kB would be cut in silence: at most
/// 1,000 messages are asked for at once.
final class IMAPConnection {
    private enum Mode { case none, readOnly, writable }

    private struct Folder {
        let name: String
        let validity: Int64
        let exists: Int
    }

    static let searchWindow = 1_000
    private static let storeWindow = 100

    private let account: IMAPAccount
    private let easy = EasyHandle()
    private var lines: [String] = []
    private var folder: Folder?
    /// What the server thinks of the folder, on the open connection.
    private var mode = Mode.none
    /// True when libcurl believes to have selected the folder, on the open connection.
    private var isSelectedByCurl = false
    private var canMove: Bool?

    init(account: IMAPAccount, timeoutSeconds: Int) {
        self.account = account
        easy.set(CURLOPT_PROTOCOLS_STR, "imap,imaps")
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_USE_SSL, Int(account.security == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        easy.set(CURLOPT_CONNECTTIMEOUT, min(timeoutSeconds, 30))
        easy.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, timeoutSeconds)
        easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        easy.set(CURLOPT_LOW_SPEED_TIME, timeoutSeconds)
        if let caFile = account.caFile { easy.set(CURLOPT_CAINFO, caFile) }
        easy.set(CURLOPT_USERNAME, account.login)
        switch account.secret {
        case .password(let password): easy.set(CURLOPT_PASSWORD, password)
        case .bearer(let token): easy.set(CURLOPT_XOAUTH2_BEARER, token)
        }
        easy.onLine = { [unowned self] line in
            if case .received(let bytes) = line { lines.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    func examine(_ name: String) throws(Failure) -> (validity: Int64, exists: Int) {
        if folder?.name != name { isSelectedByCurl = false }
        mode = .none
        let outcome = command("EXAMINE \(FolderName.quoted(name))")
        if outcome.code == CURLE_QUOTE_ERROR { throw refused(.notFound, "mailbox-folder-missing") }
        try require(outcome)
        guard let validity = number(after: "[UIDVALIDITY "), let exists = number(before: "EXISTS") else {
            throw Failure(.unavailable, "mailbox-command-refused", details: "EXAMINE without UIDVALIDITY or EXISTS")
        }
        folder = Folder(name: name, validity: validity, exists: Int(exists))
        mode = .readOnly
        return (validity, Int(exists))
    }

    /// Windows of sequence numbers from the newest back: what leaves the folder meanwhile only moves others towards
    /// windows still to be asked for, so none is missed.
    func uids(after uid: Int64) throws(Failure) -> [Int64] {
        let folder = try requireReadOnly()
        var found: Set<Int64> = []
        var upper = folder.exists
        while upper > 0 {
            let lower = max(1, upper - Self.searchWindow + 1)
            try run("UID SEARCH \(lower):\(upper)")
            let answer = searchAnswer()
            found.formUnion(answer.filter { $0 > uid })
            if let smallest = answer.min(), smallest <= uid { break }
            upper = lower - 1
        }
        return found.sorted()
    }

    func present(_ uids: [Int64]) throws(Failure) -> [Int64] {
        _ = try requireReadOnly()
        var found: [Int64] = []
        for set in Self.sets(uids) {
            try run("UID SEARCH UID \(set)")
            found += searchAnswer()
        }
        return found
    }

    func fetch(_ uid: Int64, spool: URL) throws(Failure) -> IMAPMessage {
        let folder = try requireReadOnly()
        try letCurlSelect(folder)
        let body = IMAPBody(spool: spool)
        easy.onBody = { body.take($0) }
        let outcome = perform(
            "\(FolderName.inURL(folder.name));UIDVALIDITY=\(folder.validity)/;UID=\(uid)", custom: nil)
        easy.onBody = { _ in true }
        if outcome.isDone, let message = body.finish() { return message }
        body.discard()
        if body.isFull { throw Failure(.full, "mailbox-spool-full") }
        if outcome.code == CURLE_REMOTE_FILE_NOT_FOUND { throw Failure(.notFound, "mailbox-message-gone") }
        throw Failure.connecting("mailbox", outcome)
    }

    func markSeen(_ uids: [Int64]) throws(Failure) {
        try requireWritable()
        for set in Self.sets(uids) { try run("UID STORE \(set) +FLAGS.SILENT (\\Seen)") }
    }

    func move(_ uids: [Int64], to name: String) throws(Failure) {
        try requireWritable()
        let target = FolderName.quoted(name)
        let canMove = try findCanMove()
        for set in Self.sets(uids) {
            try runCreating(target, "UID \(canMove ? "MOVE" : "COPY") \(set) \(target)")
            guard !canMove else { continue }
            try run("UID STORE \(set) +FLAGS.SILENT (\\Deleted)")
            try run("UID EXPUNGE \(set)")
        }
    }

    // MARK: Where we are

    private func requireReadOnly() throws(Failure) -> Folder {
        guard let before = folder else { throw Failure(.internal, "mailbox-command-refused", details: "not examined") }
        guard mode != .readOnly else { return before }
        let now = try examine(before.name)
        guard now.validity == before.validity, let folder else { throw Failure(.conflict, "mailbox-changed") }
        return folder
    }

    private func requireWritable() throws(Failure) {
        guard let folder else { throw Failure(.internal, "mailbox-command-refused", details: "not examined") }
        mode = .none
        try run("SELECT \(FolderName.quoted(folder.name))")
        guard number(after: "[UIDVALIDITY ") == folder.validity else { throw Failure(.conflict, "mailbox-changed") }
        mode = .writable
    }

    private func letCurlSelect(_ folder: Folder) throws(Failure) {
        guard !isSelectedByCurl else { return }
        let outcome = perform(FolderName.inURL(folder.name), custom: "NOOP")
        try require(outcome)
        isSelectedByCurl = true
        mode = .writable
        _ = try requireReadOnly()
    }

    private func findCanMove() throws(Failure) -> Bool {
        if let canMove { return canMove }
        try run("CAPABILITY")
        let found = lines.contains { line in
            line.hasPrefix("* CAPABILITY") && line.split(whereSeparator: \.isWhitespace).contains("MOVE")
        }
        canMove = found
        return found
    }

    // MARK: Commands

    private func runCreating(_ target: String, _ text: String) throws(Failure) {
        let outcome = command(text)
        guard outcome.code == CURLE_QUOTE_ERROR, lines.contains(where: { $0.contains("[TRYCREATE]") }) else {
            return try require(outcome)
        }
        try run("CREATE \(target)")
        try requireWritable()
        try run(text)
    }

    private func run(_ text: String) throws(Failure) { try require(command(text)) }

    private func command(_ text: String) -> EasyHandle.Outcome {
        // libcurl decodes %XX in a custom command.
        perform("", custom: text.replacing("%", with: "%25"))
    }

    private func perform(_ path: String, custom: String?) -> EasyHandle.Outcome {
        lines = []
        easy.set(CURLOPT_URL, account.curlURL + path)
        easy.set(CURLOPT_CUSTOMREQUEST, custom)
        let outcome = easy.perform()
        // libcurl logs out after every error, also after a mere NO.
        if easy.newConnections > 0 || !outcome.isDone {
            isSelectedByCurl = false
            mode = .none
        }
        return outcome
    }

    private func require(_ outcome: EasyHandle.Outcome) throws(Failure) {
        if outcome.isDone { return }
        if outcome.code == CURLE_QUOTE_ERROR {
            // A command about a folder came to a connection just opened anew: the next try begins at the beginning.
            let isLost = easy.newConnections > 0 && refusalLine.contains(" BAD ")
            throw refused(isLost ? .unavailable : .refused, "mailbox-command-refused")
        }
        throw Failure.connecting("mailbox", outcome)
    }

    private var refusalLine: String {
        lines.last { !$0.hasPrefix("*") && ($0.contains(" NO ") || $0.contains(" BAD ")) } ?? ""
    }

    /// Only the code in brackets is for the log; the server's words may name people.
    private func refused(_ code: Failure.Code, _ key: String) -> Failure {
        let words = refusalLine.split(separator: " ", maxSplits: 1).dropFirst().joined()
        let shown = words.firstIndex(of: "]").map { String(words[...$0]) } ?? String(words.prefix(3))
        return Failure(code, key, details: shown)
    }

    // MARK: Answers

    private func searchAnswer() -> [Int64] {
        lines.filter { $0.hasPrefix("* SEARCH") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) } }
    }

    private func number(after mark: String) -> Int64? {
        for line in lines {
            guard let range = line.range(of: mark) else { continue }
            return Int64(line[range.upperBound...].prefix { $0.isNumber })
        }
        return nil
    }

    /// The number of `* 12 EXISTS`.
    private func number(before word: String) -> Int64? {
        for line in lines.reversed() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 3, words[0] == "*", words[2] == word { return Int64(words[1]) }
        }
        return nil
    }

    private static func sets(_ uids: [Int64]) -> [String] {
        stride(from: 0, to: uids.count, by: storeWindow).map { start in
            uids[start..<min(start + storeWindow, uids.count)].map(String.init).joined(separator: ",")
        }
    }
}
