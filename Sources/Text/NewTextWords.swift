/// Words by which mail programs of many languages mark what is not new. Lower case, plain spaces and apostrophes.
enum NewTextWords {
    /// "wrote" and its likes, in the ten languages and some neighbours.
    static let wrote = NewTextPatterns([
        "wrote", "writes:", "schrieb", "a écrit", "escribió", "escribio", "escreveu", "пишет", "писал", "написал",
        "пише",
        "写道", "寫道", "写到", "书写", "さんは書きました", "さんが書きました", "書きました", "のメール", "さんからのメッセージ", "より：", "より:", "كتب", "كَتَبَ",
        "ने लिखा", "लिखा:", "ha scritto", "schreef", "napisał", "skrev", "kirjoitti", "a scris", "napsal", "yazdı",
        "ha escrit",
    ])

    /// How a line of attribution begins when it does not begin with a name or a date.
    static let openers = NewTextPatterns([
        "on ", "am ", "le ", "el ", "em ", "no dia ", "a ", "il ", "op ", "den ", "dnia ", "w dniu ", "pe ", "в ",
        "во ", "от ",
        "在", "於", "于 ", "في ", "بتاريخ ", "يوم ", "dne ", "dana ", "data ",
    ])

    /// Beginnings of weekdays, and the Japanese era of dates that begin with one.
    static let weekdays = NewTextPatterns([
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.", "montag",
        "dienstag",
        "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
        "mié", "jue",
        "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "понедельник",
        "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "周", "星期", "الأحد", "الاثنين", "الإثنين",
        "الثلاثاء",
        "الأربعاء", "الخميس", "الجمعة", "السبت", "सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि",
    ])

    enum Field: UInt8 { case from, date, to, subject, copy }

    /// Labels of the header block that Outlook and others put above the quoted message.
    private static let labels: [([UInt8], Field)] = {
        let labels: [(Field, [String])] = [
            (
                .from,
                [
                    "from", "von", "de", "от", "от кого", "发件人", "寄件者", "寄件人", "差出人", "送信者", "من", "प्रेषक", "से", "da",
                    "van", "od", "fra",
                    "från", "reply-to",
                ]
            ),
            (
                .date,
                [
                    "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em",
                    "enviada em",
                    "enviada", "fecha", "data", "отправлено", "дата", "发送时间", "发送日期", "日期", "寄件日期", "時間", "时间", "送信日時",
                    "日時", "日付",
                    "تاريخ الإرسال", "تم الإرسال", "أرسلت", "أُرسلت", "التاريخ", "تاريخ", "भेजा गया", "भेजा", "दिनांक", "तारीख",
                    "inviato", "verzonden",
                    "wysłano", "sendt", "skickat",
                ]
            ),
            (
                .to,
                [
                    "to", "an", "à", "a", "para", "кому", "收件人", "收件者", "宛先", "إلى", "الى", "प्रति", "को", "प्राप्तकर्ता", "aan",
                    "do", "til", "till",
                ]
            ),
            (
                .subject,
                [
                    "subject", "betreff", "objet", "asunto", "assunto", "тема", "主题", "主旨", "主題", "標題", "件名", "الموضوع",
                    "موضوع", "विषय",
                    "oggetto", "onderwerp", "temat", "emne", "ämne",
                ]
            ),
            (
                .copy,
                [
                    "cc", "kopie", "копия", "抄送", "副本", "نسخة", "نسخة إلى", "प्रतिलिपि", "copie à", "copia", "cópia", "kopi",
                    "kopia",
                ]
            ),
        ]
        return labels.flatMap { field, names in names.map { (Array($0.utf8), field) } }
    }()

    private static let fieldOfLabel = Dictionary(uniqueKeysWithValues: labels)
    private static let labelPatterns = NewTextPatterns(labels.map { String(decoding: $0.0, as: UTF8.self) })

    /// The field with this label, normalised.
    static func field(_ label: [UInt8]) -> Field? { fieldOfLabel[label] }

    /// Whether a label can begin with this byte.
    static func canBeginLabel(_ byte: UInt8) -> Bool {
        labelPatterns.canBegin((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }

    /// Between dashes, above a quoted or a forwarded message.
    static let dashed = NewTextPatterns([
        "original message", "original appointment", "ursprüngliche nachricht", "originalnachricht",
        "original-nachricht",
        "message d'origine", "message original", "message initial", "mensaje original", "mensagem original",
        "исходное сообщение",
        "исходное письмо", "original-mail", "原始邮件", "原始郵件", "原邮件", "邮件原件", "原始信件", "元のメッセージ", "元のメール",
        "الرسالة الأصلية",
        "رسالة أصلية", "मूल संदेश", "messaggio originale", "oorspronkelijk bericht", "reply message", "replied message",
        "forwarded message", "forwarded by", "weitergeleitete nachricht", "message transféré", "message transmis",
        "mensaje reenviado",
        "mensagem encaminhada", "mensagem reencaminhada", "пересылаемое сообщение", "пересланное сообщение",
        "перенаправленное сообщение", "转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件", "転送メッセージ", "転送されたメッセージ",
        "الرسالة المعاد توجيهها",
        "رسالة معاد توجيهها", "رسالة مُعاد توجيهها", "अग्रेषित संदेश", "फ़ॉरवर्ड किया गया संदेश",
    ])

    /// The same without dashes, on a line of its own.
    static let bare = NewTextPatterns([
        "begin forwarded message:", "anfang der weitergeleiteten nachricht:", "début du message transféré :",
        "début du message transféré:", "début du message réexpédié :", "inicio del mensaje reenviado:",
        "início da mensagem encaminhada:",
        "início da mensagem reenviada:", "начало переадресованного сообщения:", "转发的邮件：", "下面是被转发的邮件：", "転送されたメッセージ：",
        "このメッセージを転送：", "بداية الرسالة المعاد توجيهها:", "अग्रेषित संदेश की शुरुआत:",
    ])

    /// How the line of a telephone or a mail program begins …
    static let sentFrom = NewTextPatterns([
        "sent from ", "sent with ", "sent via ", "sent by ", "sent using ", "get outlook for ", "get bluemail for ",
        "von meinem ",
        "gesendet von ", "gesendet mit ", "gesendet über ", "diese nachricht wurde von meinem ", "envoyé de ",
        "envoyé depuis ",
        "envoyé à partir ", "envoyé avec ", "envoyé par ", "télécharger outlook pour ", "enviado desde ", "enviado do ",
        "enviado de ",
        "enviado a partir ", "enviado via ", "enviado con ", "enviado com ", "obtener outlook para ",
        "obter o outlook para ",
        "отправлено с ", "отправлено из ", "отправлено от ", "отправлено через ", "发自我的", "發自我的", "发自", "從我的", "从我的",
        "寄自我的",
        "来自我的", "أُرسلت من ", "أرسلت من ", "ارسلت من ", "مرسل من ", "مُرسل من ", "تم الإرسال من ", "أُرسل من ", "أرسل من ",
    ])

    /// … or how it ends.
    static let sentFromEnds = NewTextPatterns([
        "から送信", "より送信", "から送信されました", "से भेजा गया", "से भेजा", "से भेजा गया।", "发送", "傳送", "gesendet",
    ])

    /// In a mailing list's footer, within three lines after its rule.
    static let footer = NewTextPatterns([
        "mailing list", "mailman", "listinfo", "unsubscribe", "abbestellen", "austragen", "se désabonner",
        "désinscrire", "darse de baja",
        "cancelar a inscrição", "отписаться", "退订", "配信停止", "إلغاء الاشتراك", "सदस्यता", "@lists.", "groups.google",
        "postorius",
    ])
}
