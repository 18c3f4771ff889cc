import Base
import CGMime

/// The Date header.
enum HeaderDate {
    /// Milliseconds UTC; nil when it is no date. GMime reads all the usual and unusual forms.
    static func parse(_ value: [UInt8]) -> Milliseconds? {
        MIMEDocument.prepareLibrary()
        let text = EncodedWords.oneLine(value)
        guard text.utf8.count <= 200, let date = g_mime_utils_header_decode_date(text) else { return nil }
        defer { g_date_time_unref(date) }
        return Milliseconds(g_date_time_to_unix(date)) * 1000
    }
}
