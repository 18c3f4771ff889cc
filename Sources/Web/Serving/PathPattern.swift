import Base
import Hummingbird

/// A path of ours: the router's pattern and the links made from it are one definition.
package struct PathPattern: Sendable, ExpressibleByStringLiteral {
    package let pattern: String

    package init(stringLiteral value: String) { pattern = value }

    package var route: RouterPath { RouterPath(pattern) }

    /// The link with these ids in place of `:id`, `:other`, … in their order.
    package func callAsFunction(_ ids: ID...) -> String {
        var rest = ids[...]
        let path = pattern.split(separator: "/").map { part in
            guard part.first == ":", let id = rest.popFirst() else { return "/" + part }
            return "/" + String(id)
        }.joined()
        return path.isEmpty ? "/" : path
    }

    /// The link with a query string made of these pairs.
    package func callAsFunction(query pairs: [(String, String)]) -> String {
        let link = self()
        let query = pairs.filter { !$0.1.isEmpty }.map { "\($0.0)=\(URLEncoding.encode($0.1))" }.joined(separator: "&")
        return query.isEmpty ? link : link + "?" + query
    }
}

/// Percent-encoding of query values (RFC 3986: all but the unreserved characters).
package enum URLEncoding {
    package static func encode(_ text: String) -> String {
        var out: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
            if isPlain { out.append(byte) } else { out += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// `application/x-www-form-urlencoded` text; broken escapes stay as they are.
    package static func decode(_ text: Substring) -> String {
        var out: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == 43 {
                out.append(32)
            } else if byte == 37, bytes.count >= 2,
                let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
