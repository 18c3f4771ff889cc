/// Words by which the spelling of a region is known: only such as the other region writes otherwise.
struct RegionWords: Sendable {
    /// Whole words, lower case.
    let words: Set<String>
    /// Beginnings of words.
    let stems: [String]

    init(_ words: String, stems: String = "") {
        self.words = Set(words.split(separator: " ").map(String.init))
        self.stems = stems.split(separator: " ").map(String.init)
    }

    func has(_ word: String) -> Bool { words.contains(word) || stems.contains { word.hasPrefix($0) } }

    static let all: [String: [String: RegionWords]] = [
        "en": [
            "gb": RegionWords(
                """
                centre centres theatre theatres litre litres grey cheque cheques programme programmes whilst learnt \
                spelt dreamt defence offence travelled travelling traveller cancelled cancelling labelled labelling \
                modelling fulfil enrol jewellery tyre tyres kerb aluminium mum mum's licence maths practise analyse \
                analysed analysing realise realised realising criticise criticised criticising organise organised \
                organiser organisers organising organisation organisations
                """,
                stems: """
                    colour favour honour behaviour neighbour labour rumour humour harbour flavour recognis apologis \
                    summaris categoris standardis
                    """),
            "us": RegionWords(
                """
                center centers theater theaters liter liters gray traveled traveling traveler canceled canceling \
                labeled labeling modeling fulfill enroll jewelry aluminum mom mom's gotten math honor honors honored \
                defense offense
                """,
                stems: """
                    color favor behavior neighbor rumor harbor flavor organiz recogniz realiz apologiz summariz \
                    categoriz standardiz criticiz analyz
                    """),
        ],
        "pt": [
            "br": RegionWords(
                """
                você registro registros fato fatos contato contatos equipe equipes usuário usuários usuária usuárias \
                celular celulares ônibus trem mídia mídias planejamento gerenciar conosco acadêmico acadêmica \
                econômico econômica gênero gêneros fenômeno fenômenos antônio prêmio prêmios bônus crônica crônicas \
                eletrônico eletrônica anônimo anônima sinônimo patrimônio quilômetro quilômetros banheiro aluguel \
                esporte esportes bebê câmera câmeras cadastro cadastrar deletar deletado acessar acessei
                """),
            "pt": RegionWords(
                """
                registo registos facto factos contacto contactos equipa equipas utilizador utilizadores utilizadora \
                ficheiro ficheiros ecrã ecrãs telemóvel telemóveis autocarro comboio planeamento connosco académico \
                académica económico económica género géneros fenómeno fenómenos antónio prémio prémios bónus crónica \
                crónicas electrónico electrónica eletrónico eletrónica anónimo anónima sinónimo património \
                quilómetro quilómetros aluguer desporto desportos bebé director directora registar aceder acedi \
                cumprimentos
                """),
        ],
    ]
}
