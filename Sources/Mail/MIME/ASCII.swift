/// Small tests on bytes of headers, blind to the case of ASCII letters.
enum ASCII {
    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { lower(byte) &- 0x61 < 26 }

    /// `prefix` is lower case.
    static func hasPrefix(_ bytes: ArraySlice<UInt8>, _ prefix: StaticString) -> Bool {
        guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
        var index = bytes.startIndex
        for offset in 0..<prefix.utf8CodeUnitCount {
            if lower(bytes[index]) != prefix.utf8Start[offset] { return false }
            index += 1
        }
        return true
    }

    /// `needle` is lower case and not empty. The index where it starts.
    static func find(_ needle: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        let length = needle.utf8CodeUnitCount
        guard bytes.count >= length else { return nil }
        let first = needle.utf8Start[0]
        return bytes.withUnsafeBufferPointer { buffer in
            for start in 0...(buffer.count - length) where lower(buffer[start]) == first {
                var offset = 1
                while offset < length, lower(buffer[start + offset]) == needle.utf8Start[offset] { offset += 1 }
                if offset == length { return bytes.startIndex + start }
            }
            return nil
        }
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = bytes
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return slice
    }

    static func lowercased(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { lower($0) }, as: UTF8.self)
    }

    static func isPure(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.withContiguousStorageIfAvailable { buffer in
            var seen: UInt8 = 0
            for byte in buffer { seen |= byte }
            return seen < 0x80
        } ?? bytes.allSatisfy { $0 < 0x80 }
    }
}
