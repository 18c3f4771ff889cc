import CGMime
import Crypto

/// Content-Transfer-Encoding, decoded by GMime piece by piece; uuencode by us, since GMime loses stripped blanks.
enum TransferEncoding: UInt8 {
    case identity, base64, quotedPrintable, uuencode

    init(_ encoding: GMimeContentEncoding) {
        switch encoding {
        case GMIME_CONTENT_ENCODING_BASE64: self = .base64
        case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE: self = .quotedPrintable
        case GMIME_CONTENT_ENCODING_UUENCODE: self = .uuencode
        default: self = .identity
        }
    }

    /// A name that GMime does not know, as broken clients write it: in quotes, with a semicolon behind.
    init(leniently value: [UInt8]) {
        let name = ASCII.lowercased(value.filter { ASCII.isLetter($0) || ASCII.isDigit($0) })
        self = name.hasPrefix("base64") ? .base64 : name.hasPrefix("quotedprintable") ? .quotedPrintable : .identity
    }

    private var code: GMimeContentEncoding {
        switch self {
        case .identity, .uuencode: return GMIME_CONTENT_ENCODING_BINARY
        case .base64: return GMIME_CONTENT_ENCODING_BASE64
        case .quotedPrintable: return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
        }
    }

    /// At most `limit` decoded bytes.
    func decode(_ bytes: some RandomAccessCollection<UInt8>, limit: Int = .max) -> [UInt8] {
        let decoded = bytes.withContiguousStorageIfAvailable { buffer in
            var out: [UInt8] = []
            out.reserveCapacity(min(limit, self == .base64 ? buffer.count / 4 * 3 + 3 : buffer.count))
            pieces(of: buffer) { piece in
                out.append(contentsOf: piece.prefix(limit - out.count))
                return out.count < limit
            }
            return out
        }
        return decoded ?? decode(Array(bytes), limit: limit)
    }

    /// Size and SHA-256 of the decoded bytes, without keeping them.
    func measure(_ bytes: ArraySlice<UInt8>) -> (size: Int, digest: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var hash = SHA256()
            var size = 0
            pieces(of: buffer) { piece in
                hash.update(bufferPointer: UnsafeRawBufferPointer(piece))
                size += piece.count
                return true
            }
            return (size, Array(hash.finalize()))
        }
    }

    /// Calls `body` with decoded pieces of up to 64 KiB, in order, until it answers false.
    private func pieces(of buffer: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return }
        if self == .identity {
            _ = body(buffer)
            return
        }
        if self == .uuencode {
            Uuencoded.decode(buffer).withUnsafeBufferPointer { _ = body($0) }
            return
        }
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, code)
        let chunk = 65_536
        let capacity = g_mime_encoding_outlen(&state, min(chunk, buffer.count)) + 64
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { out in
            guard let target = out.baseAddress else { return }
            var start = 0
            while start < buffer.count {
                let length = min(chunk, buffer.count - start)
                let isLast = start + length == buffer.count
                let count = (base + start).withMemoryRebound(to: CChar.self, capacity: length) { input in
                    target.withMemoryRebound(to: CChar.self, capacity: capacity) { output in
                        isLast
                            ? g_mime_encoding_flush(&state, input, length, output)
                            : g_mime_encoding_step(&state, input, length, output)
                    }
                }
                if count > 0, !body(UnsafeBufferPointer(start: target, count: count)) { return }
                start += length
            }
        }
    }
}
