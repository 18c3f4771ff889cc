import Text

/// The value of `Content-Disposition` for bytes that are to be saved, whatever a browser could show.
///
/// Source: RFC 6266, RFC 8187.
package enum AttachmentHeader {
    package static func value(_ filename: String) -> String {
        "attachment; filename*=UTF-8''\(URLEncoding.encode(filename))"
    }
}
