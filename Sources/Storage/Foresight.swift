import Base
import Synchronization

/// What a page asks of the database, known from the last times: on PostgreSQL each statement of its own costs a way
/// there and back, so that those asked every time are sent together when the page begins, and find their answers there.
///
/// Only exactly what is asked, text and values, in the same snapshot, is answered from them: a wrong guess costs a
/// statement, never an answer. Values are known by what the page is about (its ids), or because they were the same the
/// last two times this reader asked.
package final class Foresight: Sendable {
    /// A statement as it is sent.
    struct Question: Hashable, Sendable {
        var text: String
        var values: [Value]
    }

    /// A statement with ids of the page taken out.
    private struct Pattern: Hashable {
        enum Part: Hashable {
            case subject(Int)
            case same(Value)
        }

        var text: String
        var parts: [Part]
    }

    /// What one reader asked.
    private struct Habit {
        /// All of the last time.
        var last: Set<Pattern> = []
        /// Those of the last two times, in the order they were asked.
        var usual: [Pattern] = []
    }

    private struct State {
        var habits: [ID: Habit] = [:]
        /// Each text once, however many ask it.
        var texts: Set<String> = []
    }

    /// Statements sent together.
    private static let limit = 60
    /// Readers whose habits are kept.
    private static let readers = 64
    /// Texts differ by the lengths of their lists too.
    private static let mostTexts = 2000

    private let state = Mutex(State())

    package init() {}

    /// What will be asked, most likely, for this reader by a page about these.
    func questions(by reader: ID, about subjects: [ID]) -> [Question] {
        let usual = state.withLock { $0.habits[reader]?.usual ?? [] }
        return usual.compactMap { pattern in
            var values: [Value] = []
            for part in pattern.parts {
                switch part {
                case .same(let value): values.append(value)
                case .subject(let index) where index < subjects.count: values.append(.int(subjects[index]))
                case .subject: return nil
                }
            }
            return Question(text: pattern.text, values: values)
        }
    }

    /// What was asked for this reader by a page about these.
    func learn(_ questions: [Question], by reader: ID, about subjects: [ID]) {
        state.withLock { state in
            if state.texts.count > Self.mostTexts { state = State() }
            let patterns = questions.map { question in
                Pattern(
                    text: state.texts.insert(question.text).memberAfterInsert,
                    parts: question.values.map { Self.part($0, subjects) })
            }
            if state.habits.count >= Self.readers, state.habits[reader] == nil { state = State() }
            let last = state.habits[reader]?.last ?? []
            var known: Set<Pattern> = []
            let usual = patterns.filter { last.contains($0) && known.insert($0).inserted }
            state.habits[reader] = Habit(last: Set(patterns), usual: Array(usual.prefix(Self.limit)))
        }
    }

    private static func part(_ value: Value, _ subjects: [ID]) -> Pattern.Part {
        if case .int(let id) = value, let index = subjects.firstIndex(of: id) { return .subject(index) }
        return .same(value)
    }
}
