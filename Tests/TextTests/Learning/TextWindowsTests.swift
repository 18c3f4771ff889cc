import Testing

@testable import Text

@Suite struct TextWindowsTests {
    private static let cries = [
        "I cannot go on and took all the tablets", "I want to end my life tonight", "Ich will nicht mehr leben",
        "もう生きていたくない", "не хочу больше жить", "he took tablets and will not live",
    ]
    private static let others = [
        "I cannot open the page on tablets", "the meeting ends tonight", "Ich will nicht mehr warten",
        "もう一度教えてください", "не хочу больше писем", "he took a picture of the bridge",
        "The list of bridges is long and has pictures", "Thank you for the article about our valley",
    ]

    private static func model() -> LinearModel {
        let cries = cries.compactMap { TextWindows($0).whole }
        var settings = WindowTraining.Settings()
        (settings.cost, settings.fewestTexts) = (1000, 1)
        return WindowTraining(settings).train(
            cries, classes: [LogisticTraining.Class(name: "cry", members: cries.map { _ in true })],
            ordinary: others.flatMap { TextWindows($0).vectors }, always: 4)
    }

    @Test(arguments: [
        ("One two three. Four five six! Seven eight nine?", 3), ("One. Two. Three four five.", 1), ("", 0), ("...", 0),
        ("Version 1.2.3 of the file is out", 1), ("Hello all\nthis is a line\nthis is another", 2),
        ("私は元気です。あなたはどうですか？はい元気です", 3), ("यह एक वाक्य है। यह दूसरा वाक्य है।", 2),
        ("هل هذا سؤال طويل؟ نعم هذا سؤال", 2), (String(repeating: "word ", count: 130), 3),
    ]) func `a text is cut where sentences end, in every script`(text: String, count: Int) {
        #expect(TextWindows(text).ends.count == count)
    }

    @Test func `learning twice gives the same bytes, and what is read again scores as before`() throws {
        let model = Self.model()
        #expect(Self.model().bytes == model.bytes)
        let read = try #require(LinearModel(bytes: model.bytes))
        let windows = TextWindows("I want to end my life")
        #expect(read.highest(in: windows) == model.highest(in: windows))
    }

    @Test func `a cry in a long mail is as loud as alone`() {
        let model = Self.model()
        let mail = String(repeating: Self.others.joined(separator: ". ") + ".\n", count: 10)
        let alone = model.highest(in: TextWindows("I want to end my life tonight"))[0]
        let within = model.highest(in: TextWindows(mail + "I want to end my life tonight.\n" + mail))[0]
        let without = model.highest(in: TextWindows(mail))[0]

        #expect(alone > 0 && within >= alone - 0.01 && without < 0, "\(alone) \(within) \(without)")
        #expect(model.highest(in: TextWindows(""))[0] == -.infinity)
    }

    @Test func `a window scores as its vector does`() throws {
        let model = Self.model()
        let windows = TextWindows("I want to end it, end it")
        let vector = try #require(windows.whole)
        #expect(abs(model.scores(vector)[0] - LinearModel.probability(model.highest(in: windows)[0])) < 0.0001)
    }

    @Test func `what it takes can be moved, and the words that speak are named`() {
        let model = Self.model()
        let windows = TextWindows("I want to end my life tonight")
        let moved = model.moved(by: [1.5]).highest(in: windows)[0]
        #expect(abs(model.highest(in: windows)[0] - moved - 1.5) < 0.001)
        #expect(model.speaking(in: "the bridge and my life", for: 0).contains("life"))
        #expect(model.speaking(in: "", for: 0).isEmpty)
    }
}
