import Foundation
import Testing

@testable import Text

struct MessageCheckTests {
    @Test func `the strings of the repository have no problems`() throws {
        #expect(MessageCheck.problems(in: I18nFolder.real) == [])
        _ = try Messages(directory: I18nFolder.real)
    }

    @Test func `a sound folder has no problems`() throws {
        let folder = try I18nFolder([
            "a/en.json": ["k": "$1 {{PLURAL:$1|ticket|tickets}} of {{GENDER:$2|him|her|them}}"],
            "a/qqq.json": ["k": "?"],
            "a/ja.json": ["k": "$1 件"], "a/ru.json": ["k": "{{PLURAL:$1|0=нет|$1 a|$1 b|$1 c}} {{GENDER:$2|d|e}}"],
            "a/ar.json": ["k": "$1 {{PLURAL:$1|a|b|c|d|e|f}}"],
        ])

        #expect(MessageCheck.problems(in: folder.url) == [])
    }

    @Test func `missing and unknown keys and files are told`() throws {
        let folder = try I18nFolder([
            "a/en.json": ["x": "X", "y": "Y"], "a/qqq.json": ["x": "?"], "a/de.json": ["x": "X", "z": "Z"],
            "b/en.json": [:], "b/qqq.json": [:],
        ])

        #expect(
            MessageCheck.problems(in: folder.url) == [
                "a/de.json: y is missing", "a/de.json: z is not in en.json", "a/qqq.json: y is missing",
                "b/de.json is missing",
            ])
    }

    @Test func `wrong arguments, forms and braces are told`() throws {
        let folder = try I18nFolder([
            "a/en.json": ["x": "From $1", "y": "{{PLURAL:$1|a|$1}}", "z": "Z"],
            "a/qqq.json": ["x": "", "y": "", "z": ""],
            "a/ru.json": ["x": "От $2", "y": "{{PLURAL:$1|a|$1}}", "z": "{{SITENAME}}"],
        ])

        #expect(
            MessageCheck.problems(in: folder.url) == [
                "a/ru.json: x has $2, which en.json has not", "a/ru.json: x lacks $1",
                "a/ru.json: y has 2 plural forms instead of 3 to 4",
                "a/ru.json: z has braces that are neither PLURAL nor GENDER, or do not close",
            ])
    }

    @Test func `collisions and files that are no JSON are told`() throws {
        let folder = try I18nFolder([
            "a/en.json": ["x": ""], "a/qqq.json": ["x": ""], "b/en.json": ["x": ""], "b/qqq.json": ["x": ""],
        ])
        #expect(MessageCheck.problems(in: folder.url) == ["two subsystems have x: a, b"])

        try folder.write("b/en.json", Data("{".utf8))
        #expect(MessageCheck.problems(in: folder.url) == ["messages: b/en.json is no JSON object"])
    }
}
