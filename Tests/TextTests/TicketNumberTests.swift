import Base
import Testing

@testable import Text

struct TicketNumberTests {
    private let day = ISO8601.days(fromYear: 2026, month: 11, day: 21)

    @Test func `a number begins with its day and is valid`() {
        let number = TicketNumber.make(day: day, counter: 42)
        #expect(number.hasPrefix("202611210000042") && number.utf8.count == 16)
        #expect(TicketNumber.isValid(number))
    }

    @Test func `every wrong digit and every swap of neighbours is noticed`() {
        for counter in stride(from: 0, to: 10_000_000, by: 333_337) {
            let digits = Array(TicketNumber.make(day: day, counter: counter).utf8)
            for index in digits.indices {
                for digit in UInt8(48)...57 where digit != digits[index] {
                    var wrong = digits
                    wrong[index] = digit
                    #expect(!TicketNumber.isValid(String(decoding: wrong, as: UTF8.self)))
                }
                if index > 0, digits[index] != digits[index - 1] {
                    var wrong = digits
                    wrong.swapAt(index, index - 1)
                    #expect(!TicketNumber.isValid(String(decoding: wrong, as: UTF8.self)))
                }
            }
        }
    }

    @Test func `numbers are found in subjects of all kinds`() {
        let number = TicketNumber.make(day: day, counter: 42)
        let arabic = String(String.UnicodeScalarView(number.unicodeScalars.map { Unicode.Scalar($0.value + 0x630)! }))
        let wide = String(String.UnicodeScalarView(number.unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0)! }))
        let grouped = "20261121 0000042" + " " + number.suffix(1)
        let dashed = "2026-1121-0000-042" + number.suffix(1)
        for text in [number, "Re: [Ticket#\(number)] Hi", arabic, "رقم \(arabic)", wide, grouped, dashed] {
            #expect(TicketNumber.find(in: text) == [number], "\(text)")
        }
        #expect(TicketNumber.find(in: "\(number), \(number)") == [number])
        #expect(TicketNumber.find(in: "call 42 \(number) 17") == [number])
        #expect(TicketNumber.find(in: "1\(number)").isEmpty)
        #expect(TicketNumber.find(in: "2026112100000421").isEmpty == !TicketNumber.isValid("2026112100000421"))
    }
}
