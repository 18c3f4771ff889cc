/// How letters begin, by language. Lower case.
struct SalutationWords: Sendable {
    /// Before a name.
    var before: [String]
    /// Titles and forms of address beside a name.
    var titles: Set<String>
    /// Words that name everybody.
    var general: Set<String>
    /// Greetings as a whole that name nobody.
    var phrases: [String] = []
    /// After a name, where it stands first.
    var after: [String] = []
    var isUnspaced = false
    /// Of these one is enough: nobody is called so.
    var everybody: Set<String> { general.subtracting(Self.joining) }

    private static let joining: Set<String> = [
        "and", "or", "to", "you", "it", "may", "again", "there", "both", "und", "in", "die", "runde", "y", "a", "et",
        "à", "e", "и", "وبعد", "الكريم", "الكرام", "بك", "بكم", "بكِ",
    ]

    static let all: [String: SalutationWords] = [
        "en": SalutationWords(
            before: ["dear", "hello", "hi", "good morning", "good afternoon", "good evening", "greetings", "hey"],
            titles: ["mr", "mrs", "ms", "mx", "miss", "dr", "prof", "professor", "sir", "madam"],
            general: [
                "all", "everyone", "everybody", "team", "friends", "colleagues", "reader", "readers", "editor",
                "editors", "volunteer", "volunteers", "user", "customer", "there", "again",
                "and", "or", "to", "you", "both", "whom", "it", "may", "concern",
            ]),
        "de": SalutationWords(
            before: [
                "sehr geehrte", "sehr geehrter", "liebe", "lieber", "hallo", "guten tag", "guten morgen",
                "guten abend", "grüß gott", "moin", "werte", "werter",
            ],
            titles: ["herr", "frau", "herrn", "dr", "prof", "professor", "familie"],
            general: [
                "alle", "zusammen", "team", "kollegen", "und", "damen", "herren", "leute", "in", "die", "runde",
                "leser",
                "leserin", "leserinnen", "nutzer", "nutzerin", "autor", "autorin", "kollegin", "kollege",
            ],
            phrases: ["damen und herren"]),
        "es": SalutationWords(
            before: [
                "estimado", "estimada", "estimados", "estimadas", "querido", "querida", "hola", "buenos días",
                "buenas tardes", "buenas noches", "buenas", "apreciado", "apreciada",
            ],
            titles: ["señor", "señora", "señorita", "sr", "sra", "srta", "don", "doña", "dr", "dra", "prof"],
            general: [
                "todos", "todas", "equipo", "a", "y", "amigos", "colegas", "señores", "lector", "lectora", "lectores",
                "usuario", "usuaria",
            ]),
        "fr": SalutationWords(
            before: ["cher", "chère", "chers", "chères", "bonjour", "bonsoir", "salut"],
            titles: ["monsieur", "madame", "mademoiselle", "m", "mme", "mlle", "dr", "docteur", "professeur"],
            general: [
                "tous", "toutes", "à", "et", "l'équipe", "collègues", "amis", "messieurs", "mesdames", "lecteur",
                "lectrice", "lecteurs", "utilisateur", "utilisatrice",
            ]),
        "pt": SalutationWords(
            before: [
                "prezado", "prezada", "prezados", "caro", "cara", "caros", "olá", "oi", "bom dia", "boa tarde",
                "boa noite", "estimado", "estimada", "exmo", "exma",
            ],
            titles: ["senhor", "senhora", "sr", "sra", "dr", "dra", "dom", "dona", "prof"],
            general: [
                "todos", "todas", "a", "e", "equipe", "equipa", "amigos", "colegas", "senhores", "leitor", "leitora",
                "leitores", "usuário", "usuária",
            ]),
        "ru": SalutationWords(
            before: [
                "уважаемый", "уважаемая", "уважаемые", "дорогой", "дорогая", "здравствуйте", "добрый день",
                "добрый вечер", "доброе утро", "привет", "приветствую",
            ],
            titles: ["господин", "госпожа", "г-н", "г-жа", "доктор", "профессор"],
            general: [
                "все", "всем", "коллеги", "друзья", "участники", "участник", "участница", "читатель", "читательница",
                "читатели", "пользователь", "и",
            ]),
        "ar": SalutationWords(
            before: [
                "عزيزي", "عزيزتي", "السيد", "السيدة", "الأستاذ", "الأستاذة", "مرحبا", "مرحباً", "أهلا", "أهلاً",
                "الأخ", "الأخت", "تحية طيبة",
            ],
            titles: ["السيد", "السيدة", "الأستاذ", "الأستاذة", "الدكتور", "الدكتورة", "د", "الأخ", "الأخت"],
            general: ["الجميع", "الزملاء", "بك", "بكم", "بكِ", "القارئ", "القراء", "الكريم", "الكرام", "وبعد"],
            phrases: ["السلام عليكم"]),
        "hi": SalutationWords(
            before: ["प्रिय", "आदरणीय", "माननीय", "नमस्ते", "नमस्कार", "श्रीमान", "श्रीमती"],
            titles: ["श्री", "श्रीमती", "श्रीमान", "सुश्री", "डॉ", "जी", "महोदय", "महोदया", "प्रो"],
            general: ["सभी", "मित्रों", "साथियों", "पाठक", "पाठकों", "सदस्य", "मित्र", "उपयोगकर्ता"]),
        "ja": SalutationWords(
            before: [], titles: [], general: ["皆", "みな", "ご担当者", "担当者", "お客", "各位", "読者"],
            after: ["様", "さま", "さん", "先生", "氏"], isUnspaced: true),
        "zh": SalutationWords(
            before: ["尊敬的", "亲爱的", "親愛的", "敬爱的", "你好", "您好"],
            titles: [], general: ["读者", "讀者", "朋友", "用户", "用戶", "编辑", "編輯", "各位", "大家", "同事", "客户"],
            after: ["先生", "女士", "小姐", "老师", "老師", "教授", "您好", "你好"], isUnspaced: true),
    ]
}
