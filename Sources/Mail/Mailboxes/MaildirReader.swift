import Base
import Foundation

/// Reads a maildir in the order of its file names, read and new mail together. Blocking; holds the list of names.
///
/// Files that a mail program renames meanwhile are found again by the part of the name that stays; those it removes are
/// passed over, as are links, folders and hidden files. Nothing in the maildir is changed.
package struct MaildirReader {
    /// One message, what the maildir knows of it, and the name after which to resume.
    package struct Entry: Sendable {
        /// `endOffset` counts the entries up to this one. A large message is copied: the caller removes the copy.
        package var item: MboxReader.Item
        /// The part of the file name before the flags; in subfolders after `.Sub/`.
        package var name: String
        /// `S` seen, `R` replied, `F` flagged, `T` trashed, `D` draft, `P` passed on; keywords are lower-case letters.
        package var flags: Set<Character>
    }

    private static let pieceBytes = 1 << 20

    private let entries: [MaildirListing.Entry]
    private var position: Int
    private let spool: URL
    private let limit: Int

    /// `after` is an entry's `name`; with `includesFolders` the folders `.Sub` (Maildir++) are read too.
    package init(
        url: URL, after: String? = nil, includesFolders: Bool = false,
        spool: URL = FileManager.default.temporaryDirectory, limit: Int = 8 << 20
    ) throws(Failure) {
        var root = Array(url.path(percentEncoded: false).utf8)
        while root.count > 1, root.last == 47 { root.removeLast() }
        entries = try MaildirListing.entries(of: root, includesFolders: includesFolders)
        position = entries.firstIndex { after == nil || MaildirListing.precedes(after ?? "", $0.key) } ?? entries.count
        self.spool = spool
        self.limit = limit
    }

    /// The next message, or nil at the end. After a failure the same call tries the same file again.
    package mutating func next() throws(Failure) -> Entry? {
        while position < entries.count {
            let listed = entries[position]
            guard let (file, entry) = try opened(listed) else {
                position += 1
                continue
            }
            var item = MboxReader.Item(content: .memory([]), size: file.size, date: nil, endOffset: position + 1)
            item.date = Self.date(of: entry.file) ?? file.modifiedAt
            item.content =
                if file.size <= limit { .memory(try file.bytes(0..<file.size)) } else { .file(try copied(file)) }
            position += 1
            return Entry(item: item, name: entry.key, flags: Self.flags(of: entry.file))
        }
        return nil
    }

    /// Nil when it is gone or no regular file.
    private func opened(_ listed: MaildirListing.Entry) throws(Failure) -> (MailboxFile, MaildirListing.Entry)? {
        do {
            return (try MailboxFile(path: listed.path, followsLinks: false), listed)
        } catch {
            if error.code == .invalid { return nil }
            guard error.code == .notFound else { throw error }
        }
        let prefix = listed.key.utf8.contains(47) ? String(listed.key.prefix { $0 != "/" }) + "/" : ""
        guard let moved = try MaildirListing.found(again: listed, prefix: prefix) else { return nil }
        do {
            return (try MailboxFile(path: moved.path, followsLinks: false), moved)
        } catch {
            if error.code == .invalid || error.code == .notFound { return nil }
            throw error
        }
    }

    private func copied(_ file: MailboxFile) throws(Failure) -> URL {
        var place = 0
        return try MailboxSpool.write(to: spool) { () throws(Failure) -> [UInt8]? in
            guard place < file.size else { return nil }
            let piece = try file.bytes(place..<min(place + Self.pieceBytes, file.size))
            place += piece.count
            return piece
        }.file
    }

    /// The seconds since 1970 that delivery puts first.
    static func date(of name: [UInt8]) -> Milliseconds? {
        let digits = name.prefix { (48...57).contains($0) }
        guard (9...10).contains(digits.count), let seconds = Milliseconds(String(decoding: digits, as: UTF8.self)),
            seconds > 0, digits.count == name.count || name[digits.count] == 46
        else { return nil }
        return seconds * 1000
    }

    /// Letters after `:2,`.
    static func flags(of name: [UInt8]) -> Set<Character> {
        guard let colon = name.lastIndex(of: 58), name[colon...].starts(with: ":2,".utf8) else { return [] }
        let letters = name[(colon + 3)...].prefix { (65...90).contains($0 & 223) }
        return Set(letters.map { Character(UnicodeScalar($0)) })
    }
}
