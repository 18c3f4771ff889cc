import Foundation

/// Corpora are packed with xz.
package enum Unpacking {
    struct Failed: Error {
        let status: Int32
    }

    /// Writes what is packed in `archive` into `file`, which is made anew.
    package static func unpack(_ archive: URL, into file: URL) throws {
        try Data().write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xz")
        process.arguments = ["-dc", archive.path(percentEncoded: false)]
        process.standardOutput = try FileHandle(forWritingTo: file)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    }
}
