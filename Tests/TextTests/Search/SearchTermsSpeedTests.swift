import Testing

@testable import Text

/// Figures for release builds; debug builds only show that it ends.
struct SearchTermsSpeedTests {
    @Test(arguments: [
        "The quick brown fox jumps, again. ", "Съешь ещё этих мягких булок. ", "東京都の天気は晴れ。", "العَرَبِيَّةُ لغة ",
    ])
    func `analysis is linear and quick`(sample: String) {
        let text = String(repeating: sample, count: 2_000_000 / sample.utf8.count)
        let start = ContinuousClock.now
        let count = SearchTerms.terms(of: text).count
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("search terms:", sample.prefix(8), Int(2 / seconds), "MB/s")
        #expect(count > 100_000)
    }
}
