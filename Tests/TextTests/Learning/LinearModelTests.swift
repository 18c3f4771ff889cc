import Testing

@testable import Text

@Suite struct LinearModelTests {
    private static let press = [
        "I am a journalist and my deadline is tomorrow", "Press inquiry: may I quote you for our newspaper",
        "Ich schreibe für eine Zeitung und brauche bis Freitag ein Zitat", "取材のお願い、締め切りは明日です",
        "Запрос от газеты: нужен комментарий до вечера", "interview request from a radio station",
    ]
    private static let others = [
        "How do I upload a photo of my grandmother", "I forgot my password", "Ich habe mein Passwort vergessen",
        "写真をアップロードする方法を教えてください", "Как загрузить фотографию", "thank you for the nice article",
    ]

    private func train() -> LinearModel {
        let texts = Self.press + Self.others
        return LogisticTraining.train(
            texts.map(FeatureHash.vector),
            classes: [
                LogisticTraining.Class(name: "press", members: texts.map { Self.press.contains($0) }),
                LogisticTraining.Class(name: "nothing", members: texts.map { _ in false }),
            ], settings: LogisticTraining.Settings(fewestTexts: 1))
    }

    @Test func `learning twice gives the same bytes`() {
        #expect(train().bytes == train().bytes)
    }

    @Test func `a model read from its bytes scores as before`() throws {
        let model = train()
        let read = try #require(LinearModel(bytes: model.bytes))

        let vector = FeatureHash.vector(of: "journalists ask before the deadline")
        #expect(read.scores(vector) == model.scores(vector))
        #expect(LinearModel(bytes: Array(model.bytes.dropLast())) == nil)
        #expect(LinearModel(bytes: []) == nil)
    }

    @Test(arguments: [
        ("journalist with a deadline", true), ("Zeitung braucht ein Zitat", true), ("締め切りは明日", true),
        ("комментарий для газеты", true), ("forgot the password", false), ("写真の方法", false),
        ("загрузить фотографию", false),
    ]) func `words of every script tell what they were learned for`(text: String, isPress: Bool) {
        let scores = train().scores(FeatureHash.vector(of: text))

        #expect((scores[0] > 0.5) == isPress, "\(scores[0])")
        #expect(scores[1] < 0.01, "a class without examples says nothing")
    }

    @Test(arguments: [
        "journalist with a deadline, a deadline", "締め切りは明日です", "комментарий для газеты", "", "a", "ab abc abcd abcde",
        String(repeating: "deadline ", count: 3000), (0..<5000).map { "word\($0)" }.joined(separator: " "),
    ]) func `a text scores as its vector does`(text: String) {
        let model = train()
        let (read, vector) = (model.scores(of: text), model.scores(FeatureHash.vector(of: text)))

        #expect(read.count == 2 && abs(read[0] - vector[0]) < 0.0001, "\(read) \(vector)")
    }

    /// Others keep models: the same text must go on giving the same places, or the version grows.
    @Test func `places of a text are those of version one`() {
        let vector = FeatureHash.vector(of: "Über Fotos")

        #expect(FeatureHash.version == 1 + 1000 * SearchTerms.version)
        #expect(
            vector.places == [
                85, 39038, 61192, 80900, 100752, 132513, 177823,
                207420, 241024, 245691,
            ])
    }

    @Test func `inflected and accented forms share features`() {
        let one = Set(FeatureHash.vector(of: "Veröffentlichungen").places)
        let other = Set(FeatureHash.vector(of: "Veroffentlichung").places)

        #expect(one.intersection(other).count * 2 > other.count)
    }

    @Test func `features of a long text are bounded and of length one`() {
        let vector = FeatureHash.vector(of: (0..<5000).map { "word\($0)" }.joined(separator: " "))

        #expect(vector.places.count <= FeatureHash.most + 40)
        #expect(vector.places == vector.places.sorted())
        let length = vector.values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 0.001)
        #expect(FeatureHash.vector(of: " … ").isEmpty)
    }
}
