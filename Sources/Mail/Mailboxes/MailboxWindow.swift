import Base
import CGMime
import Foundation

/// The part of a file that is in memory: 1 MiB that slides, never grows. Offsets are those of the file.
struct MailboxWindow {
    private static let capacity = 1 << 20

    let file: MailboxFile
    private(set) var start = 0
    private(set) var end = 0
    private var buffer = [UInt8](repeating: 0, count: capacity)

    init(_ file: MailboxFile) { self.file = file }

    subscript(offset: Int) -> UInt8 { buffer[offset - start] }

    /// Makes `length` bytes from `offset` on present, or as many as the file has; `length` is at most the capacity.
    mutating func hold(_ offset: Int, _ length: Int) throws(Failure) {
        guard offset < start || min(offset + length, file.size) > end else { return }
        let file = file
        let kept = offset >= start && offset < end ? end - offset : 0
        let shift = offset - start
        var filled = 0
        var failure: Failure?
        buffer.withUnsafeMutableBytes { bytes in
            if kept > 0, let base = bytes.baseAddress { memmove(base, base + shift, kept) }
            do throws(Failure) {
                filled = try file.read(at: offset + kept, into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept...]))
            } catch { failure = error }
        }
        start = offset
        end = offset + kept + filled
        if let failure { throw failure }
    }

    /// Where these bytes stand first in a range that is held.
    func find(_ needle: StaticString, in range: Range<Int>) -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, !range.isEmpty else { return nil }
            let from = base + (range.lowerBound - start)
            return liaison_find(from, range.count, needle.utf8Start, needle.utf8CodeUnitCount)
                .map { range.lowerBound + (UnsafeRawPointer($0) - from) }
        }
    }

    /// The end of the line that begins here, after its LF; nil when none is in the range, which is held.
    func lineEnd(in range: Range<Int>) -> Int? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, !range.isEmpty else { return nil }
            let from = base + (range.lowerBound - start)
            return memchr(from, 10, range.count).map { range.lowerBound + (UnsafeRawPointer($0) - from) + 1 }
        }
    }

    /// Whether a held range begins with these bytes, in any case of ASCII letters; `needle` is lower case.
    func holds(_ needle: StaticString, at offset: Int) -> Bool {
        guard offset + needle.utf8CodeUnitCount <= end else { return false }
        return (0..<needle.utf8CodeUnitCount).allSatisfy { index in
            let byte = self[offset + index]
            return (65...90).contains(byte) ? byte | 32 == needle.utf8Start[index] : byte == needle.utf8Start[index]
        }
    }

    /// A copy, from memory where all of it is held, else from the file.
    func bytes(_ range: Range<Int>) throws(Failure) -> [UInt8] {
        guard range.lowerBound >= start, range.upperBound <= end else { return try file.bytes(range) }
        return Array(buffer[(range.lowerBound - start)..<(range.upperBound - start)])
    }
}
