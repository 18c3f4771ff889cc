/// Bytes of a mail as SMTP wants them: every line ends with CRLF.
enum SMTPContent {
    /// Bare CR and bare LF become CRLF, and the last line is ended. Dots are libcurl's work.
    static func normalised(_ message: [UInt8]) -> [UInt8] {
        let (cr, lf) = (UInt8(13), UInt8(10))
        var out: [UInt8] = []
        out.reserveCapacity(message.count + message.count / 32 + 2)
        message.withUnsafeBufferPointer { bytes in
            var start = 0
            var at = 0
            while at < bytes.count {
                guard bytes[at] == cr || bytes[at] == lf else {
                    at += 1
                    continue
                }
                out.append(contentsOf: bytes[start..<at])
                out.append(cr)
                out.append(lf)
                at += bytes[at] == cr && at + 1 < bytes.count && bytes[at + 1] == lf ? 2 : 1
                start = at
            }
            if start < bytes.count {
                out.append(contentsOf: bytes[start...])
                out.append(cr)
                out.append(lf)
            }
        }
        return out
    }
}
