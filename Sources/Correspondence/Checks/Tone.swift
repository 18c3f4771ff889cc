import Text

/// Words that may hurt or sound as nobody means it. Few, and each with its reason.
enum Tone {
    static func findings(in checked: CheckedText) -> [Finding] {
        var found: [Finding] = []
        let terms = SearchTerms.terms(of: checked.prose)
        for hint in ToneWords.all[checked.language] ?? [] where stands(hint.terms, in: terms) {
            found.append(Finding(.tone, hint.reason.rawValue, hint.words))
        }
        if let shout = shouted(checked.prose) { found.append(Finding(.tone, "shouting", shout)) }
        if let mark = ["!!", "！！", "??", "？？"].first(where: checked.prose.contains) {
            found.append(Finding(.tone, "marks", mark))
        }
        var reasons: Set<String> = []
        return found.filter { reasons.insert($0.rule).inserted }
    }

    private static func stands(_ words: [String], in terms: [String]) -> Bool {
        guard !words.isEmpty, words.count <= terms.count else { return false }
        return (0...(terms.count - words.count)).contains { terms[$0..<$0 + words.count].elementsEqual(words) }
    }

    /// Two words in capitals after each other, longer than what is short for something.
    private static func shouted(_ text: String) -> String? {
        var run: [Substring] = []
        for word in text.split(whereSeparator: { !$0.isLetter && $0 != "'" }) {
            let isLoud = word.count >= 4 && word.allSatisfy { $0.isUppercase || $0 == "'" }
            run = isLoud ? run + [word] : []
            if run.count >= 2 { return run.joined(separator: " ") }
        }
        return nil
    }
}

/// The words, by language.
struct ToneWords: Sendable {
    enum Reason: String { case blame, dismissal, impatience, command, doubt }

    struct Hint: Sendable {
        let reason: Reason
        let words: String
        let terms: [String]
    }

    static let all: [String: [Hint]] = [
        "en": hints([
            .blame: ["you failed to", "you should have", "your mistake", "your fault", "you forgot to"],
            .dismissal: ["obviously", "as everyone knows", "simply read", "not our problem", "that is nonsense"],
            .impatience: ["as i already said", "as already explained", "once again", "for the last time"],
            .command: ["you must", "stop writing", "do not contact us"], .doubt: ["you claim", "your alleged"],
        ]),
        "de": hints([
            .blame: ["sie haben versäumt", "sie hätten", "ihr fehler", "ihre schuld", "sie haben vergessen"],
            .dismissal: ["offensichtlich", "wie jeder weiß", "nicht unser problem", "das ist unsinn", "selbstredend"],
            .impatience: ["wie bereits gesagt", "wie bereits erklärt", "zum letzten mal", "noch einmal ganz langsam"],
            .command: ["sie müssen endlich", "sie haben zu unterlassen", "unterlassen sie"],
            .doubt: ["sie behaupten", "ihre angebliche"],
        ]),
        "es": hints([
            .blame: ["usted no hizo", "debería haber", "su error", "su culpa", "se le olvidó"],
            .dismissal: ["obviamente", "como todo el mundo sabe", "no es nuestro problema", "eso es absurdo"],
            .impatience: ["como ya le dije", "como ya expliqué", "por última vez", "una vez más"],
            .command: ["usted debe", "tiene que", "deje de escribir"], .doubt: ["usted pretende", "su supuesta"],
        ]),
        "fr": hints([
            .blame: ["vous avez omis", "vous auriez dû", "votre erreur", "votre faute", "vous avez oublié"],
            .dismissal: ["évidemment", "comme chacun sait", "pas notre problème", "c'est absurde"],
            .impatience: ["comme je l'ai déjà dit", "comme déjà expliqué", "pour la dernière fois", "encore une fois"],
            .command: ["vous devez", "cessez de"], .doubt: ["vous prétendez", "votre prétendue"],
        ]),
        "pt": hints([
            .blame: ["você não fez", "deveria ter", "seu erro", "sua culpa", "você esqueceu"],
            .dismissal: ["obviamente", "como todos sabem", "não é problema nosso", "isso é absurdo"],
            .impatience: ["como já disse", "como já expliquei", "pela última vez", "mais uma vez"],
            .command: ["você deve", "o senhor deve", "pare de escrever"], .doubt: ["você alega", "sua suposta"],
        ]),
        "ru": hints([
            .blame: ["вы не удосужились", "вам следовало", "ваша ошибка", "ваша вина", "вы забыли"],
            .dismissal: ["очевидно", "как всем известно", "это не наша проблема", "это чушь"],
            .impatience: ["как я уже говорил", "как я уже говорила", "как уже объяснялось", "в последний раз"],
            .command: ["вы обязаны", "вы должны", "прекратите"], .doubt: ["вы утверждаете якобы", "ваши якобы"],
        ]),
        "ar": hints([
            .blame: ["كان عليك", "خطؤك", "هذا ذنبك", "لقد نسيت"],
            .dismissal: ["من الواضح", "كما يعلم الجميع", "ليست مشكلتنا", "هذا هراء"],
            .impatience: ["كما قلت سابقا", "كما شرحت سابقا", "للمرة الأخيرة", "مرة أخرى"],
            .command: ["يجب عليك", "توقف عن"], .doubt: ["أنت تزعم", "تدعي أن"],
        ]),
        "hi": hints([
            .blame: ["आपको चाहिए था", "आपकी गलती", "आपका दोष", "आप भूल गए"],
            .dismissal: ["ज़ाहिर है", "जैसा सब जानते हैं", "हमारी समस्या नहीं", "यह बकवास है"],
            .impatience: ["जैसा मैंने पहले कहा", "जैसा पहले बताया", "आखिरी बार"],
            .command: ["आपको करना होगा", "बंद कीजिए"], .doubt: ["आप दावा करते हैं", "आपका तथाकथित"],
        ]),
        "ja": hints([
            .blame: ["あなたのせい", "あなたの間違い", "べきでした", "お忘れになった"],
            .dismissal: ["当然ですが", "言うまでもなく", "当方の問題ではありません", "ばかげて"],
            .impatience: ["先ほども申し上げ", "すでにご説明した", "何度も申し上げ", "これが最後"],
            .command: ["しなければなりません", "やめてください"], .doubt: ["と主張され", "いわゆるあなたの"],
        ]),
        "zh": hints([
            .blame: ["你应该早", "您应该早", "是您的错", "是你的错", "您忘了"],
            .dismissal: ["显而易见", "众所周知", "不是我们的问题", "荒谬"],
            .impatience: ["我已经说过", "已经解释过", "最后一次", "再说一遍"],
            .command: ["您必须", "你必须", "不要再写"], .doubt: ["您声称", "你声称", "所谓的"],
        ]),
    ]

    private static func hints(_ words: [Reason: [String]]) -> [Hint] {
        words.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { reason, phrases in
            phrases.map { Hint(reason: reason, words: $0, terms: SearchTerms.terms(of: $0)) }
        }
    }
}
