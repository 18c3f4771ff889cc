import Base
import Foundation

/// The files of a maildir in reading order: by folder, then by name. Names are bytes, which need not be UTF-8.
struct MaildirListing {
    struct Entry {
        /// Path of the folder that holds `cur` and `new`.
        var folder: [UInt8]
        var isNew: Bool
        var file: [UInt8]
        /// `.Sub/` for subfolders and the part of the name that stays when flags change; sorts and resumes.
        var key: String

        var path: [UInt8] { folder + (isNew ? "/new/" : "/cur/").utf8 + file }
    }

    /// A folder without `cur` and `new` is `invalid`.
    static func entries(of root: [UInt8], includesFolders: Bool) throws(Failure) -> [Entry] {
        guard isMaildir(root) else {
            guard try names(in: root) != nil else { throw Failure(.notFound, "error-not-found", details: "no maildir") }
            throw Failure(.invalid, "error-invalid", details: "no folder cur or new")
        }
        var entries = try entries(in: root, prefix: "")
        guard includesFolders else { return entries }
        let folders = try names(in: root) ?? []
        for name in folders where name.first == 46 && name != [46] && name != [46, 46] {
            let folder = root + [47] + name
            if isMaildir(folder) { entries += try self.entries(in: folder, prefix: text(name) + "/") }
        }
        return entries.sorted { precedes($0.key, $1.key) || $0.key == $1.key && !$0.isNew && $1.isNew }
    }

    static func isMaildir(_ folder: [UInt8]) -> Bool {
        ["/cur", "/new"].contains { name in
            var status = stat()
            let path = (folder + name.utf8).map { CChar(bitPattern: $0) } + [0]
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }

    /// By bytes, and mail of the folder itself before that of folders in it.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (isLeftInside, isRightInside) = (left.utf8.contains(47), right.utf8.contains(47))
        guard isLeftInside == isRightInside else { return isRightInside }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Where a file is now that was renamed after the listing; nil when it is gone.
    static func found(again entry: Entry, prefix: String) throws(Failure) -> Entry? {
        try entries(in: entry.folder, prefix: prefix).first { $0.key == entry.key }
    }

    private static func entries(in folder: [UInt8], prefix: String) throws(Failure) -> [Entry] {
        var entries: [Entry] = []
        for (name, isNew) in [("/cur", false), ("/new", true)] {
            for file in try names(in: folder + name.utf8) ?? [] where file.first != 46 {
                let stable = file.prefix { $0 != 58 }
                entries.append(Entry(folder: folder, isNew: isNew, file: file, key: prefix + text(stable)))
            }
        }
        return entries.sorted { precedes($0.key, $1.key) || $0.key == $1.key && !$0.isNew && $1.isNew }
    }

    /// UTF-8, or each byte above 127 as `%XX`.
    private static func text(_ name: some Collection<UInt8>) -> String {
        if let text = String(validating: name, as: UTF8.self) { return text }
        return name.map { $0 < 128 ? String(UnicodeScalar($0)) : "%" + Hex.encode([$0]) }.joined()
    }

    /// Nil when there is no such folder.
    private static func names(in folder: [UInt8]) throws(Failure) -> [[UInt8]]? {
        guard let directory = opendir(folder.map { CChar(bitPattern: $0) } + [0]) else {
            if errno == ENOENT { return nil }
            throw MailboxFile.failure(errno == ENOTDIR ? EISDIR : errno)
        }
        defer { closedir(directory) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = readdir(directory) {
            let length = strnlen(&entry.pointee.d_name.0, 256)
            names.append(withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix(length)) })
            errno = 0
        }
        guard errno == 0 else { throw MailboxFile.failure(errno) }
        return names
    }
}
