/// Facts of spelling (of before and after the agreement of 1990) and of words of every day, as dictionaries of both
/// sides have them; with the shapes of words and the grammar that lists do not hold.
extension RegionWords {
    static let brazilian = RegionWords(
        telling: """
            registro registros registrar registrei registrado registrada fato fatos contato contatos contatar \
            contatei equipe equipes usuário usuários usuária usuárias celular celulares ônibus aplicativo \
            aplicativos planejamento planejar planejado planejada planejando gerenciar gerenciamento conosco deletar \
            deletado deletada deletaram deletou acessar acessei acessando acessado acessada cadastro cadastros \
            cadastrar cadastrei cadastrado cadastrada cadastramento banheiro banheiros aluguel aluguéis esporte \
            esportes esportivo esportiva esportivos esportivas bebê bebês câmera câmeras caminhão caminhões \
            caminhonete trem trens bonde bondes prefeito prefeita prefeitos prefeitura prefeituras aposentado \
            aposentada aposentados aposentadoria goleiro gol gols torcida torcedor torcedores geladeira xícara \
            sorvete sorvetes açougue pedágio pedestre pedestres xerox escanear escaneei escaneado bilhão bilhões \
            trilhão trilhões dezesseis dezessete dezenove quatorze pra pras tô cê oi cadê bagunça moleque sobrenome \
            sobrenomes pôster pôsteres caratê judô metrô pôquer cupom cupons seção seções anistia úmido úmida \
            umidade vestibular cpf cnpj cep caçula mídia mídias galera monitoramento parabenizar parabenizo
            """,
        phrases: [
            "ensino médio", "por gentileza", "pelo retorno", "a gente foi", "a gente fez", "a gente quer", "tem como",
            "café da manhã", "carteira de identidade", "tudo bem com", "fiquei sabendo",
        ],
        hints: """
            você vc vcs tela telas senha senhas time times arquivo arquivos matéria matérias moça moças legal \
            prezado prezados prezada prezadas mouse baixar baixei monografia verbete verbetes atenciosamente att abs \
            apostila secretaria retorno botei botar sumiu sumiram tá postar postei postaram postado postagem
            """,
        hintPhrases: [
            "a gente", "me dizer", "me mandar", "me mandarem", "me enviar", "me explicar", "me ajudar", "me informar",
            "me passar", "me falar", "faz dois", "faz três", "bom dia pessoal",
        ])

    static let portuguese = RegionWords(
        telling: """
            registo registos registei registar registado registada facto factos contacto contactos contactar \
            contactei contactado equipa equipas utilizador utilizadores utilizadora utilizadoras ficheiro ficheiros \
            ecrã ecrãs telemóvel telemóveis autocarro autocarros comboio comboios planeamento planear planeado \
            planeada connosco aceder acedi acede acedo acedendo desporto desportos desportivo desportiva desportivos \
            desportivas golo golos camião camiões aluguer bebé bebés rapariga raparigas miúdo miúdos miúda miúdas \
            vosso vossa vossos vossas vos convosco concelho concelhos comprovativo palavra-passe portagem portagens \
            chávena pequeno-almoço fixe bué malta guarda-redes dezasseis dezassete dezanove aquando ementa rebuçado \
            rebuçados secção secções húmido húmida humidade amnistia óptimo óptima óptimos óptimas exacto exacta \
            exactamente egipto facturas factura tecto tectos objecto objectos sector sectores acto actos nif \
            quilómetro quilómetros cêntimos cêntimo autoclismo sanita autarca autarcas
            """,
        stems: """
            actual desactual activ actor actri acção acções projecto director directo colecç correct incorrect \
            electr eléctr objectiv adoptad adoptar baptis baptiz excepto excepç lectiv nocturn protecç redacç selecç \
            direcç trajecto efectiv efectuad fractur inspecç contactá
            """,
        phrases: [
            "casa de banho", "melhores cumprimentos", "se faz favor", "se calhar", "bilhete de identidade",
            "cartão de cidadão", "junta de freguesia", "presidente da câmara", "mil milhões", "a sério", "até à data",
        ],
        hints: """
            gostava exmos exmo exma exmas cumprimentos freguesia freguesias autarquia morada moradas donativo \
            donativos descarregar descarreguei cá sítio sítios reformado reformada talho frigorífico giro adeptos \
            relvado claque agradecia algures autoestrada auto-estrada paragem imenso portátil mail
            """,
        hintPhrases: ["de momento"])
}

/// What a list cannot hold of Portuguese.
enum PortugueseShapes {
    /// Written with ê and ô in both.
    private static let shared: Set<String> = ["fêmea", "fêmeas", "estômago", "estômagos"]
    private static let states: Set<String> = [
        "estou", "está", "estás", "estamos", "estão", "estava", "estavam", "estávamos", "estive", "esteve", "estar",
        "ando", "anda", "andam", "andamos", "continuo", "continua", "continuam", "ficou", "fico", "ficam",
    ]
    /// End as infinitives do.
    private static let nouns: Set<String> = ["par", "mar", "ar", "lugar", "poder", "prazer"]

    /// Before m and n a stressed e or o is closed in Brazil and open in Portugal: `gênero`, `género`.
    static func isBrazilian(_ word: String) -> Bool { !shared.contains(word) && has("ê", "ô", before: word) }
    static func isPortuguese(_ word: String) -> Bool { word.hasSuffix("-vos") || has("é", "ó", before: word) }

    private static func has(_ e: Character, _ o: Character, before word: String) -> Bool {
        let letters = Array(word)
        guard letters.count >= 5 else { return false }
        return (0..<letters.count - 2).contains { place in
            (letters[place] == e || letters[place] == o) && "mn".contains(letters[place + 1])
                && "aeiouáéíóúâêôãõ".contains(letters[place + 2])
        }
    }

    /// `estou escrevendo` in Brazil, `estou a escrever` in Portugal.
    static func goesOnBrazilian(_ word: String, _ next: String) -> Bool {
        states.contains(word) && ["ando", "endo", "indo"].contains { next.count > 5 && next.hasSuffix($0) }
    }

    static func goesOnPortuguese(_ word: String, _ next: String, _ third: String) -> Bool {
        guard states.contains(word), next == "a", !nouns.contains(third) else { return false }
        let bare = third.split(separator: "-").first.map(String.init) ?? third
        return bare.count >= 3 && ["ar", "er", "ir", "or"].contains { bare.hasSuffix($0) }
    }
}
