import Testing

@testable import Text

struct MessagesSpeedTests {
    @Test func `a call costs microseconds`() throws {
        let messages = try Messages(directory: I18nFolder.real)
        let rounds = 20_000

        for (language, number) in [("ru", "42"), ("ru", "123456"), ("pt-br", "7")] {
            let spent = ContinuousClock().measure {
                for _ in 0..<rounds { _ = messages.text("ticket-list-count", language, [number]) }
            }
            let each = spent / rounds
            print("messages \(language) \(number): \(each) a call")
            #expect(each < .microseconds(200))
        }
    }
}
