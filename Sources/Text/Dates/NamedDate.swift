import Base
import Foundation

/// A day and an hour that a text names as somebody's deadline: `by Friday 5 pm`, `до пятницы`, `明日中`. Pure.
///
/// 1. The text becomes what its language's words mean (`DateWords`), sentence by sentence.
/// 2. Every day that is named is looked at: a date, a day of the week, a span from now, the end of the week. One that
///    is over, or that nothing makes a deadline, is left aside.
/// 3. The one that stands nearest to a word such as *until* is taken, with the hour and the zone beside it.
///
/// What is named by the day of the week or from now on is counted from when the text was written, in the zone it names
/// or else in the one given.
package struct NamedDate: Sendable, Equatable {
    /// `2026-12-03`, `18:00`; 17:00 where no hour was named.
    package var day: String
    package var time: String
    /// Empty where none was named.
    package var zone: String

    package init(day: String, time: String, zone: String) {
        self.day = day
        self.time = time
        self.zone = zone
    }

    package static func find(
        in text: String, language: String?, sentAt: Milliseconds, zone: TimeZone
    ) -> NamedDate? {
        let base = String((language ?? "").prefix { $0 != "-" })
        var tried: [String] = []
        for language in [base, "en"] where !tried.contains(language) {
            tried.append(language)
            guard let words = DateWords.languages[language] else { continue }
            let reading = DateReading(text, words, language: language)
            if let found = DateChoosing(reading, sentAt: sentAt, zone: zone).find() { return found }
        }
        return nil
    }
}
