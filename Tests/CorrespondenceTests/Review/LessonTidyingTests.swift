import Testing

@testable import Correspondence

/// Nothing that leads to a person stays in a lesson, as far as a machine can know.
struct LessonTidyingTests {
    private func tidy(_ text: String, _ names: [String]) -> LessonTidying.Tidied {
        LessonTidying(names: NameForms(names)).tidy(text)
    }

    @Test(arguments: [
        ("Karl Weber asked.", "… asked."), ("Thank Weber, not Webern.", "Thank …, not Webern."),
        ("Anabel is not Ana.", "Anabel is not …."), ("Fill in {{contact.name}}.", "Fill in { {contact.name}}."),
        ("KARL WEBER!", "…!"), ("karl says", "… says"), ("Karl's and Webers and Karls’ mails", "… and … and … mails"),
        ("Write to karl@people.example.", "Write to …."), ("K. Weber, Karl-Weber", "…, …"),
        ("ana li asked", "… asked"), ("Simple: li is Italian, Li is not.", "Simple: li is Italian, … is not."),
    ])
    func `names go in any case and form`(text: String, expected: String) {
        #expect(tidy(text, ["Karl Weber", "Ana Li", "karl@people.example"]).text == expected)
    }

    @Test func `names known only from an address go`() {
        let tidied = tidy(
            "Anna asked, LINDQVIST wrote; anna_lindqvist too.", ["anna.lindqvist@people.example"])

        #expect(tidied.text == "… asked, … wrote; … too.")
        #expect(tidied.taken == ["Anna", "LINDQVIST", "anna_lindqvist"])
    }

    @Test(arguments: [
        ("Анна Петрова", "Анне Петровой и Анну, с Анной; Аннотация остаётся.", "… и …, с …; Аннотация остаётся."),
        ("Иван Достоевский", "Ивана Достоевского спросили.", "… спросили."),
        ("Павел Лев", "Павла нет, Льва нет.", "… нет, … нет."),
        ("ليلى العمري", "قلت لليلى وللعمري والعمري إن المقال باق.", "قلت … إن المقال باق."),
        ("सुनीता शर्मा", "सुनीता जी को और शर्माजी को लिखें।", "… जी को और … को लिखें।"),
        ("田中太郎", "田中さんは太郎と書いた。お客様にも。", "…さんは…と書いた。お客様にも。"),
        ("王小明", "王先生和小明都写了。国王没有写。", "…和…都写了。国王没有写。"),
        ("Anna Müller", "Annas Bild, Frau Müllers Brief, die Mühle.", "… Bild, Frau … Brief, die Mühle."),
        ("Will Grace", "Will you? Yes, I will, with grace.", "… you? Yes, I will, with grace."),
        ("Anne d’Angelo", "L’avis d’Anne et de d'Angelo", "L’avis … et de …"),
    ])
    func `names go in the forms of their language`(name: String, text: String, expected: String) {
        #expect(tidy(text, [name]).text == expected)
    }

    @Test(arguments: [
        "https://en.wiki.example/w/index.php?title=Harbour&diff=123&oldid=122", "[[Special:Diff/123456]]",
        "https://de.wiki.example/wiki/Benutzer:Ibis87", "[[User talk:Ibis87|there]]", "{{ping|Ibis87}}", "@Ibis87",
        "https://ru.wiki.example/wiki/%D0%A3%D1%87%D0%B0%D1%81%D1%82%D0%BD%D0%B8%D0%BA:Ibis", "用户:Ibis87",
        "User:Ibis87", "2026112100000172", "#2026-1121-0000-0172", "+49 30 1234567", "someone@people.example",
        "192.0.2.7", "2001:db8:0:1::7", "DE89 3704 0044 0532 0130 00", "Musterstraße 12", "12 High Street",
        "14 rue de la Paix", "Calle Mayor 3", "ул. Ленина, д. 5", "شارع النيل 7",
    ])
    func `what leads to a person goes`(trace: String) {
        let tidied = tidy("Say why (\(trace)), please.", [])

        #expect(tidied.text == "Say why (…), please.", "\(trace)")
        #expect(tidied.taken.count == 1)
    }

    @Test func `two spellings of a number go both`() {
        #expect(tidy("0151 2345678, that is 0151/2345678", []).text == "…, that is …")
        #expect(tidy("a@people.example  or 0151  2345678", []).text == "… or …")
    }

    @Test(arguments: [
        "See https://en.wiki.example/wiki/Help:Licences and [[Wikipedia:Verifiability]].",
        "Answer in 3 sentences by 22.11.2026, at 10:30.", "Add the date, e.g. 2026-11-21; 50 % is enough.",
        "The user: please ask the user.", "Please mark the passage, and may it help.",
    ])
    func `what leads to nobody stays`(text: String) {
        #expect(tidy(text, ["Mark May", "Editor of the Press <press@news.example>"]).text == text)
    }

    @Test func `what may name somebody is shown to whoever offers it`() {
        let tidying = LessonTidying(names: NameForms([]), signed: ["peppo"])

        #expect(
            tidying.doubtful(in: "Tell Mr. Harbinger of it, as peppo wrote.", language: "en") == ["Harbinger", "peppo"])
        #expect(tidying.doubtful(in: "Das Bild ist von Frau Krug.", language: "de") == ["Krug"])
        #expect(tidying.doubtful(in: "山田さんに。お客様に。", language: "ja") == ["山田さん"])
        #expect(tidying.doubtful(in: "Say why. Then thank them.", language: "en").isEmpty)
    }

    @Test(arguments: [
        ("Mark Rose", "thanks mark, ask rose about the picture", "thanks …, ask … about the picture"),
        ("Mark Rose", "the rose in mark's picture", "the … in … picture"),
        ("Will May", "thanks will. hi may, you will see it in may", "thanks …. hi …, you will see it in may"),
        ("Will May", "as will wrote, it may help", "as … wrote, it may help"),
        ("Jo Li", "danke jo, grüße an li", "danke …, grüße an li"),
        ("maria lopez", "maria lopez, MARIA, lopez's and marialopez", "…, …, … and …"),
        ("Karl Weber", "kweber and weberk and karl.weber and karl_weber88", "… and … and … and …"),
    ])
    func `names of the ticket go in lower case too, ordinary words where somebody is spoken to`(
        name: String, text: String, expected: String
    ) {
        let tidying = LessonTidying(names: NameForms([], near: [name]))
        #expect(tidying.tidy(text).text == expected)
    }

    @Test func `names of others that are ordinary words go only where somebody is spoken to`() {
        let tidying = LessonTidying(names: NameForms(["Mark May", "Grace Hope"]))
        #expect(tidying.tidy("please mark it, thanks grace").text == "please mark it, thanks …")
    }

    @Test(arguments: [
        "My user name is Ibis87.", "Mein Benutzername: Ibis87", "see https://en.wiki.example/wiki/User:Ibis87 please",
        "I am [[User:Ibis87|Ibis]] on the wiki", "Me llamo así: nombre de usuario Ibis87", "用户名是Ibis87",
        "имя участника — Ibis87", "I edit as @Ibis87",
    ])
    func `accounts that a mail tells of go in any case`(mail: String) {
        #expect(UserNames.all(in: mail) == ["Ibis87"], "\(mail)")
        let tidying = LessonTidying(names: NameForms([], users: UserNames.all(in: mail).sorted()))
        #expect(tidying.tidy("ask ibis87, IBIS87's edits").text == "ask …, … edits")
    }

    @Test func `an account of several words goes as a whole only`() {
        let users = UserNames.all(in: "see [[User talk:Old harbour cat]]")
        #expect(users == ["Old harbour cat"])
        let tidying = LessonTidying(names: NameForms([], users: users.sorted()))
        #expect(
            tidying.tidy("old harbour cat, Old_harbour_cat: an old harbour").text == "…, …: an old harbour")
    }

    @Test func `whoever is thanked and what looks like an account is shown for the writer to judge`() {
        let tidying = LessonTidying(names: NameForms([], near: ["Will May"]))
        #expect(tidying.doubtful(in: "thanks maria, it will do", language: "en") == ["maria", "will"])
        #expect(tidying.doubtful(in: "Ask ibis87 or karl.weber.", language: "en") == ["ibis87", "karl.weber"])
        #expect(tidying.doubtful(in: "danke für alles; thanks for it, thank you", language: "en").isEmpty)
        #expect(tidying.doubtful(in: "see example.org/page.html, item S3, e.g. this", language: "en").isEmpty)
    }
}
