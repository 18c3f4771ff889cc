/// Serbian in Latin letters, Croatian and Bosnian: one language to a detector that counts letters, three to those who
/// read the answer.
///
/// Told by what each writes: the ekavian or ijekavian form of a word (`mleko`, `mlijeko`), words of every day that only
/// one uses (`voz`, `vlak`), and grammar (`mogu da ispravim`, `mogu ispraviti`). Bosnian is ijekavian with words
/// Serbian has too. Where the words do not tell, what was found before stays.
enum WesternSouthSlavic {
    static let languages: Set<String> = ["hr", "sr", "bs"]
    private static let longest = 4000
    private static let clear = 3

    /// `found` or one of the other two; `prior` where the text does not tell and the person usually writes that.
    static func refined(_ found: String, _ text: String, prior: String?) -> String {
        guard languages.contains(found), isLatin(text) else { return found }
        let words = RegionReading.words(of: text.prefix(longest)).map(\.text)
        let usual = prior.flatMap { languages.contains($0) ? $0 : nil } ?? found
        var seen = Evidence()
        for (place, word) in words.enumerated() {
            seen.add(word, next: place + 1 < words.count ? words[place + 1] : "")
        }
        let (serbian, croatian) = (seen.serbian.count, seen.croatian.count)
        if seen.ekavian.count + serbian > clear * (seen.ijekavian.count + croatian) {
            return seen.ekavian.isEmpty && usual == "bs" ? "bs" : "sr"
        }
        guard seen.ijekavian.count + croatian > clear * seen.ekavian.count else { return usual }
        if croatian > clear * serbian { return "hr" }
        return serbian > clear * croatian ? "bs" : usual
    }

    private static func isLatin(_ text: String) -> Bool {
        for scalar in text.unicodeScalars.prefix(longest) {
            if let script = LanguageScripts.script(of: scalar) { return script == "latn" }
        }
        return false
    }

    /// Each word once.
    private struct Evidence {
        var ekavian: Set<String> = []
        var ijekavian: Set<String> = []
        /// Of Serbian, and partly of Bosnian.
        var serbian: Set<String> = []
        var croatian: Set<String> = []

        mutating func add(_ word: String, next: String) {
            if WesternSouthSlavic.ekavian.has(word) { ekavian.insert(word) }
            if WesternSouthSlavic.ijekavian.has(word) { ijekavian.insert(word) }
            if WesternSouthSlavic.serbian.has(word) { serbian.insert(word) }
            if WesternSouthSlavic.croatian.has(word) { croatian.insert(word) }
            if WesternSouthSlavic.bosnian.has(word) {
                ijekavian.insert(word)
                serbian.insert(word)
            }
            if WesternSouthSlavic.verbs.contains(word) {
                if next == "da" { serbian.insert("da") }
                if next.count > 3, next.hasSuffix("ti") || next.hasSuffix("ći") { croatian.insert("ti") }
            }
            if next == "ću" || next == "ćemo", ["at", "it", "jet"].contains(where: { word.hasSuffix($0) }) {
                croatian.insert("ću")
            }
        }
    }

    private struct Words {
        let whole: Set<String>
        let stems: WordBeginnings

        init(_ whole: String, stems: String) {
            self.whole = Set(whole.split(separator: " ").map(String.init))
            self.stems = WordBeginnings(Set(stems.split(separator: " ").map(String.init)))
        }

        func has(_ word: String) -> Bool { whole.contains(word) || stems.begin(word) }
    }

    private static let verbs: Set<String> = [
        "mogu", "možete", "možeš", "možemo", "može", "mogli", "mogao", "mogla", "moram", "moramo", "želim", "želimo",
        "hoću", "bih", "bismo", "biste", "trebam", "pokušavam", "pokušao", "pokušala", "nameravam", "namjeravam",
        "znam",
    ]

    private static let ekavian = Words(
        """
        dete deteta detetu gde ovde onde negde nigde svuda uvek posle pre leto letos beo bela belo bele lep lepo \
        lepa lepe lepi lepu cela celo celu celi cele celog celom ceo cena cene cenu ceni deo dela delo delu delovi \
        delova vek veka veku vekova vera veru reč reči rečju rečima reku reke rekom telo tela telu vest vesti levo \
        leva hteo htela hteli voleo volela voleli želeo želela želeli živeo živela živeli videla videli uspeo uspela \
        uspeli sme smem smemo smete ume umem umete mera mere meru sneg snega breg brega ded deda dede dedi dedu deci \
        decu decom deca dece greh greha grehu smeh primer primera primeri primeru svide
        """,
        stems: """
            mlek devoj čovek vreme vremen mesto mesta mestu mestom pesm pesni nedelj ponedelj menja promeni promena \
            promene promenu izmen zamen primen primet sledeć uspeh obavešt obavesti razume pobed zahtev oseć \
            odeljenj reši rešen rešav savet pover proveri prover uveri veruj verov odeć mesec meseč izvešt predsedn \
            sednic zastare nasleđ sever beleš beleži zabelež vekov premešt smešt namešt cveć cvet zvezd gnezd nemač \
            procen ocen posled napred unapred vredn sused celokup podel prevod prelaz pretnj vernik vešti svedo \
            svetl svetsk koren pevač peva dospe ozled zamer odred opredel odmeren videti želeti voleti živeti umeti \
            sećam sećanj poseć poset besed ubed ubeđ svideo svidel
            """)

    private static let ijekavian = Words(
        """
        dijete djeteta djetetu gdje ovdje ondje negdje nigdje uvijek poslije prije ljeto ljetos bijel bijela bijelo \
        bijele lijep lijepo lijepa lijepe lijepi lijepu dio djelo djela djelu vijek vjera vjeru riječ riječi tijelo \
        tijela tijelu vijest vijesti lijevo lijeva htio htjela htjeli volio voljela voljeli želio željela željeli \
        živio živjela živjeli vidjela vidjeli vidjeti uspio uspjela uspjeli smije smijem smijemo smijete umije \
        umijem mjera mjere mjeru djed djeda djedu djedom djeca djece djeci djecu snijeg rijeka rijeke rijeci rijeku
        """,
        stems: """
            mlijek djevoj čovje vrijeme mjest pjesm pjesni nedjelj ponedjelj mijenja promijeni promjen izmjen \
            izmijen zamjen zamijen primjen primijet primjer sljedeć uspjeh obavije razumi razumj pobjed zahtjev \
            osjeć odjel riješi rješ savjet povjer provjer uvjer vjeruj vjerov odjeć mjesec mjeseč izvješ predsjedn \
            sjednic zastarje naslije nasljeđ sjever bilješ bilježi zabiljež vjekov premješt smješt namješt cvijeć \
            cvijet zvijezd gnijezd njemač procjen ocjen posljed naprijed unaprijed vrijed susjed cijel cjelokup \
            podijel podjel prijevod prijelaz prijetnj vjernik vješti svjedo svjetl svijet svjetsk korijen pjevač \
            pjeva dospje željeti voljeti živjeti umjeti sjeća posjet posjeć besjed ubijed ubjeđ svidje cijen
            """)

    /// Of Bosnian alone, which writes the h where the others do not.
    private static let bosnian = Words("kahva kahve kahvu sahat sahata", stems: "histori lahk mehk")

    private static let serbian = Words(
        """
        šta ko niko neko takođe tokom juče lično voz voza vozom januar januara februar februara mart marta april \
        aprila maj juna jun jul jula avgust avgusta septembar septembra oktobar oktobra novembar novembra decembar \
        decembra sprat spratu supa fajl fajla fajlu fajlove sajt sajta sajtu mejl mejla mejlu mejlom hor sudija \
        sudije biću poslaću pisaću uradiću moraću doneću videću mada uopšte hemija hemije hemiju spisak spiska \
        spisku jeste
        """,
        stems: """
            vozov tačn netačn opštin opšt hleb istorij nauč nauk univerzitet fabri pozoriš vazduh hiljad evrop \
            saradn učestv komšij fudbal pasoš reditelj kašik paradajz saopšt izvinjav izvinite hrišć hrist vikipedij \
            srećno registrov organizov organizuj informis kontaktov penzi advokat saobrać porodic zvanič učesn \
            prisustv sopstven preduzeć stepen štamp ignoris definis železnič
            """)

    private static let croatian = Words(
        """
        tko nitko netko svatko također tijekom jučer vlak vlaka vlakom siječanj siječnja siječnju veljača veljače \
        veljači ožujak ožujka ožujku travanj travnja travnju svibanj svibnja svibnju lipanj lipnja srpanj srpnja \
        kolovoz kolovoza rujan rujna rujnu listopad listopada prosinac prosinca prosincu juha juhe sudac suca tisak \
        e-pošta e-poštu e-pošte uopće unatoč sukladno glede zbor mojega mojem mojemu svojega svojemu vašega našega \
        njezina njezin njezino njezinu ispričavam ispričavamo mobitel mobitela mobitelu krivo
        """,
        stems: """
            vlakov točn netočn općin kruh povijes znanost znanstv sveučil tvorni kazališ tisuć europ sustav suradn \
            sudjelov sudjeluj nogomet putovnic redatelj žlic rajčic priopć kršćan kristo wikipedij tjedan tjedn \
            tvrtk računal zaslon datotek zapork ravnatelj umirovlj obitelj zemljovid privit natječaj nazočn \
            djelatnik nakladn tiskan odvjetni poduzeć stupanj stupnj vlastit sretno uporab ustroj izravn registrira \
            organizira informira ignorira definira kemij kolodvor glazb osobno osobni kazalo zrakoplov tipkovnic \
            županij gospodarstv dopuštenj dopusti podatc mrežn
            """)
}
