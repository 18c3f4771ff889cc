/// Invented bodies in the ten languages.
enum NewTextSamples {
    struct Sample: Sendable, CustomStringConvertible {
        let body: String
        let new: String
        var description: String { String(new.prefix(30)) }
    }

    static let attributions = [
        "On Fri, Mar 3, 2023 at 10:00 AM Anna Beispiel <anna@example.org> wrote:",
        "On Fri, Mar 3, 2023 at 10:00 AM Anna Beispiel of the Long Named Society <\nanna@example.org> wrote:",
        "On Dec 16, 2011, at 12:47 PM, Anna Beispiel\n<anna@example.org>\nwrote:",
        "Am Fr., 3. März 2023 um 10:00 Uhr schrieb Anna Beispiel <anna@example.org>:",
        "Am 03.03.2023 um 10:00 schrieb Anna Beispiel\nund andere:",
        "Anna Beispiel <anna@example.org> schrieb am Fr., 3. März 2023, 10:00:",
        "Le ven. 3 mars 2023 à 10:00, Jeanne Exemple <jeanne@example.org> a écrit :",
        "Le 3 mars 2023 à 10:00, Jeanne Exemple\n<jeanne@example.org> a écrit\u{A0}:",
        "El vie, 3 mar 2023 a las 10:00, Lucía Ejemplo (<lucia@example.org>) escribió:",
        "El 3/3/23 a las 10:00, Lucía Ejemplo escribió:",
        "Em sex., 3 de mar. de 2023 às 10:00, João Exemplo <joao@example.org>\nescreveu:",
        "пт, 3 мар. 2023 г. в 10:00, Иван Примеров <ivan@example.org>:",
        "3 марта 2023, в 10:00, Иван Примеров <ivan@example.org> написал(а):",
        "03.03.2023 10:00, Иван Примеров пишет:",
        "Иван Примеров пишет:",
        "张三 <zhang@example.org> 于2023年3月3日周五 10:00写道：",
        "张三 <zhang@example.org>\n于2023年3月3日周五 10:00写道：",
        "在 2023年3月3日，10:00，张三 <zhang@example.org> 写道：",
        "2023年3月3日(金) 10:00 山田 花子 <hanako@example.org>:",
        "2023/03/03 10:00、山田 花子 <hanako@example.org>のメール:",
        "(2023/03/03 10:00), 山田 花子 さんは書きました:",
        "في الجمعة، 3 مارس 2023 في 10:00 ص تمت كتابة ما يلي بواسطة كتب سامي <sami@example.org>:",
        "في ٣ مارس ٢٠٢٣، كتب سامي مثال:",
        "شुक्र, 3 मार्च 2023 को 10:00 am बजे को राम उदाहरण <ram@example.org> ने लिखा:",
        "3 मार्च 2023 को राम उदाहरण ने लिखा:",
        "2023/03/03 10:00、山田 花子 <hanako@example.org>より：", "3. März 2023, 10:00 von anna@example.org:",
    ]

    static let answers = [
        "Thank you for your answer.", "Vielen Dank für die Antwort.", "Merci pour votre réponse.",
        "Gracias por su respuesta.",
        "Obrigado pela resposta.", "Спасибо за ответ.", "谢谢您的回复。", "お返事ありがとうございます。", "شكرا على ردكم.",
        "आपके उत्तर के लिए धन्यवाद।",
    ]

    static let topPosted = attributions.enumerated().map { index, attribution in
        let answer = answers[index % answers.count]
        return Sample(body: "\(answer)\n\n\(attribution)\n\n> Quoted line one\n>\n> two\n", new: answer)
    }

    static let unmarked = attributions.filter { $0.contains("@") && !$0.contains("Nobody") }.map { attribution in
        Sample(body: "My answer.\n\(attribution)\n\nQuoted without a mark.\nAnd more.\n", new: "My answer.")
    }

    static let telephones = [
        "Sent from my iPhone", "Sent from a magnificent torch of pixels",
        "Get Outlook for iOS<https://aka.example.org/x>",
        "Von meinem iPhone gesendet", "Gesendet mit der Post-App", "Envoyé de mon iPhone", "Envoyé depuis mon mobile",
        "Enviado desde mi iPhone", "Enviado do meu iPhone", "Отправлено с iPhone", "发自我的iPhone", "從我的 iPhone 傳送",
        "iPhoneから送信",
        "أُرسلت من الـ iPhone", "मेरे iPhone से भेजा गया",
    ]

    static let headerBlocks = [
        "From: Anna Beispiel <anna@example.org>\nSent: Friday, March 3, 2023 10:00\nTo: Desk\nSubject: Question",
        "*From:* Anna Beispiel [mailto:anna@example.org]\n*Sent:* Friday\n*To:* Desk\n*Subject:* Question",
        "Von: Anna Beispiel <anna@example.org>\nGesendet: Freitag, 3. März 2023 10:00\nAn: Desk\nBetreff: Frage",
        "De : Jeanne Exemple\nEnvoyé : vendredi 3 mars 2023 10:00\nÀ : Desk\nObjet : Question",
        "De: Lucía Ejemplo\nEnviado el: viernes, 3 de marzo de 2023\nPara: Desk\nAsunto: Pregunta",
        "De: João Exemplo\nEnviada em: sexta-feira, 3 de março\nPara: Desk\nAssunto: Pergunta",
        "От: Иван Примеров\nОтправлено: 3 марта 2023 г. 10:00\nКому: Desk\nТема: Вопрос",
        "发件人: 张三\n发送时间: 2023年3月3日\n收件人: Desk\n主题: 问题", "寄件者：張三\n寄件日期：2023年3月3日\n收件者：Desk\n主旨：問題",
        "差出人: 山田 花子\n送信日時: 2023年3月3日\n宛先: Desk\n件名: 質問", "من: سامي\nتاريخ الإرسال: الجمعة\nإلى: Desk\nالموضوع: سؤال",
        "प्रेषक: राम\nभेजा गया: शुक्रवार\nप्रति: Desk\nविषय: प्रश्न",
        "Date: Thu, 26 Jun 2014\nSubject: Test\nFrom: a@example.org\nTo: b@example.org",
        "From: Anna\nTo: Ben,\n Carla,\n Dora\nCc: Emil\nSubject: Many",
    ]

    static let messageRules = [
        "-----Original Message-----", "----- Original Message -----", "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----", "-----Mensagem original-----", "-----Исходное сообщение-----", "-----原始邮件-----",
        "-----元のメッセージ-----", "-----الرسالة الأصلية-----", "-----मूल संदेश-----", "---------- Forwarded message ---------",
        "Begin forwarded message:", "-------- Weitergeleitete Nachricht --------",
        "---- On Fri, 03 Mar 2023 10:00:00 +0100 Anna Beispiel <anna@example.org> wrote ----",
    ]

    static let innocent = [
        "On your remote host you can run:\n\n    telnet 127.0.0.1\n\nIt should work.",
        "Here is another mail\n\nSent from my desk, is much easier than my telephone.",
        "Stuff happened -- no signature.\n\nBye",
        "From: what I saw it is fine.\nMore text.", "Two:\n- one\n- two\n", "I wrote:\n\n- a list\n- of things",
        "A rule\n\n----------\n\nand more",
        "Subject: tea\nThat is all I had to say.", ">From here on it is mine.",
        "Das habe ich am 3. März so schrieb er mir gesagt.",
        "Please meet me at 10:00:\n- bring tea",
        "Hi,\n\nI wrote on 12 May 2023 at 10:00 this question:\n\nWhere is the bridge?",
        "Am 12. Mai 2023 um 10:00 Uhr schrieb ich Ihnen:\n\nWo ist die Brücke?",
        "On 12 May 2023 I wrote to you:\n\nWhere is the bridge?",
        "12 мая 2023 в 10:00 я писал вам:\n\nГде мост?",
    ]
}
