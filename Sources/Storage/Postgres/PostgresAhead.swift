/// Answers that came before their questions, and the questions of a page, to know them the next time.
struct PostgresAhead {
    let answers: [Foresight.Question: [Row]]
    let learn: ([Foresight.Question]) -> Void
    private var asked: [Foresight.Question] = []

    init(answers: [Foresight.Question: [Row]], learn: @escaping ([Foresight.Question]) -> Void) {
        self.answers = answers
        self.learn = learn
    }

    mutating func answer(_ sql: SQL) -> [Row]? {
        guard !sql.isPlannedAnew else { return nil }
        let (text, values) = sql.rendered(for: .postgres)
        let question = Foresight.Question(text: text, values: values)
        asked.append(question)
        return answers[question]
    }

    func end() { learn(asked) }
}
