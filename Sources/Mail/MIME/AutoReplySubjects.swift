/// Subjects that answering machines use, in the ten languages of the desk. They count only beside another sign.
enum AutoReplySubjects {
    static func matches(_ subject: String) -> Bool {
        let text = subject.lowercased()
        return starts.contains { text.hasPrefix($0) } || phrases.contains { text.holds($0) }
    }

    private static let starts = ["auto:", "autoreply", "auto-reply", "auto reply", "ooo:", "abwesend:", "réponse auto"]

    private static let phrases = [
        "out of office", "out of the office", "automatic reply", "automated reply", "vacation reply",
        "away from my mail",
        "abwesenheitsnotiz", "abwesenheits", "automatische antwort", "nicht im büro",
        "respuesta automática", "fuera de la oficina", "ausencia", "respuesta automatica",
        "réponse automatique", "absence du bureau", "absent du bureau", "message d'absence", "reponse automatique",
        "resposta automática", "fora do escritório", "ausência temporária", "resposta automatica",
        "автоответ", "автоматический ответ", "нет на месте", "отсутствую",
        "自动回复", "自動回覆", "自动答复", "不在办公室", "外出",
        "自動返信", "自動応答", "不在通知", "不在のお知らせ",
        "رد تلقائي", "الرد التلقائي", "خارج المكتب",
        "स्वचालित उत्तर", "स्वतः उत्तर", "कार्यालय से बाहर",
    ]
}
