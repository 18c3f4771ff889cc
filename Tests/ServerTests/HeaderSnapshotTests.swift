import Foundation
import HTTPTypes
import Testing

@testable import Server

/// The headers of every route as text, in Tests/Snapshots/headers.txt: a header that is new, gone or different is a
/// change somebody decides about.
@Suite struct HeaderSnapshotTests {
    @Test func `every route answers with the headers of its snapshot`() async throws {
        try await House.with { house in
            var lines: [String] = []
            for route in Route.all(house.web) where route.method == .get && !route.isEndless {
                let role: House.Role = route.object == nil ? .administrator : .insider
                let answer = try await house.send(.get, route.path(house.target(of: route, role)), as: role)
                lines.append("\(route): \(answer.status)\n" + Self.text(of: answer.headers))
            }
            let text = Self.common + lines.sorted().joined()

            let file = House.root.appending(path: "Tests/Snapshots/headers.txt")
            guard ProcessInfo.processInfo.environment["LIAISON_RECORD_SNAPSHOTS"] == nil else {
                try Data(text.utf8).write(to: file)
                return
            }
            let expected = try String(contentsOf: file, encoding: .utf8)
            let unknown = Set(Self.parts(of: text)).symmetricDifference(Self.parts(of: expected)).sorted()
            #expect(unknown == [], "run again with LIAISON_RECORD_SNAPSHOTS=1 and look at the difference")
        }
    }

    /// What every answer has, said once.
    private static let always: [(String, String)] = [
        ("cache-control", "no-store"), ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
        ),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"),
        ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
    ]

    private static let common =
        "Every answer, unless said otherwise below:\n" + always.map { "  \($0.0): \($0.1)\n" }.joined() + "\n"

    private static func text(of headers: [String: String]) -> String {
        var own = headers
        own["content-length"] = nil
        own["etag"] = own["etag"].map { _ in "…" }
        for (name, value) in ["location", "content-disposition"].compactMap({ name in own[name].map { (name, $0) } }) {
            own[name] = value.replacing(#/[0-9]{6,}/#, with: "ID")
        }
        var lines = own.filter { header in !always.contains { $0.0 == header.key && $0.1 == header.value } }
            .map { "  \($0.key): \($0.value)\n" }
        lines += always.filter { own[$0.0] == nil }.map { "  without \($0.0)\n" }
        return lines.sorted().joined()
    }

    private static func parts(of text: String) -> [String] {
        text.replacing("\nGET ", with: "\u{1}GET ").split(separator: "\u{1}").map {
            $0.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
