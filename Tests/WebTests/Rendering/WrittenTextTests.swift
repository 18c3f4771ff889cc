import Testing

@testable import Web

@Suite struct WrittenTextTests {
    @Test(arguments: [
        "", "plain", "see https://a.example/x?y=1.", "(HTTP://a.example)", "https://", "xhttp://a.example, and http://b.example/ü",
        "javascript:alert(1) https://a.example/<script>",
    ]) func `runs together are the text`(text: String) {
        let joined = TextRun.runs(of: text).map { $0.text }.joined()
        #expect(joined == text)
    }

    @Test func `only web addresses become links, without the full stop after them`() {
        let runs = TextRun.runs(of: "See https://a.example/x?y=1. Not javascript:alert(1), not https://")

        let links = runs.compactMap { $0.link }
        #expect(links == ["https://a.example/x?y=1"])
    }

    @Test(arguments: [
        (0, "web-age-now"), (59_000, "web-age-now"), (60_000, "web-age-minutes"), (3_600_000, "web-age-hours"),
        (48 * 3_600_000, "web-age-days"), (70 * 86_400_000, "web-age-weeks"), (731 * 86_400_000, "web-age-years"),
        (-5_000, "web-age-now"),
    ]) func `an age is said in the unit that fits`(milliseconds: Int, key: String) {
        #expect(Moment.age(of: 0, at: Int64(milliseconds)).key == key)
    }
}
