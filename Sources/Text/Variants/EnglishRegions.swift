/// Facts of spelling and of words of every day, as dictionaries of both sides have them. `-ize` is written in Britain
/// too, and counts as a leaning only; what stands in names ("Ministry of Defence") is passed over by the reader.
extension RegionWords {
    static let british = RegionWords(
        telling: """
            centre centres centred theatre theatres litre litres metre metres kilometre kilometres centimetre \
            centimetres millimetre millimetres fibre fibres calibre sombre meagre lustre spectre grey greyer tyre \
            tyres kerb kerbs cheque cheques programme programmes whilst learnt spelt defence offence pretence \
            licence licences travelled travelling traveller travellers labelled labelling modelled modelling \
            signalled fuelled levelled dialled totalled channelled tunnelled quarrelled marvellous woollen \
            counsellor counsellors councillor councillors jeweller jewellers jewellery fulfil fulfils fulfilment \
            enrol enrols enrolment skilful skilfully wilful wilfully instalment instalments distil aluminium \
            aeroplane aeroplanes pyjamas sceptical sceptic sceptics cosy manoeuvre manoeuvres mould moulds mouldy \
            plough ploughed humour vapour odour odours armour armoured candour clamour splendour tumour tumours \
            valour parlour saviour saviours mum mums mum's mummy maths practise practised practising analyse \
            analysed analysing paralysed emphasise emphasised specialise specialised specialising vandalised \
            vandalising storey storeys lorry lorries petrol motorway motorways postcode postcodes fortnight \
            fortnightly headmaster headmistress headteacher nappy nappies pram crisps bloke blokes quid shan't telly \
            whinge whingeing nhs gcse gcses ladybird encyclopaedia encyclopaedias encyclopaedic characterise \
            characterised neighbour neighbours neighbour's neighbouring neighbourhood neighbourhoods
            """,
        stems: """
            colour discolour favour honour dishonour labour behaviour rumour harbour flavour endeavour organise \
            organisi organisa reorganis recognis unrecognis apologise apologisi realise realisi realisa criticise \
            criticisi summaris categoris standardis minimise minimisi maximise maximisi optimise optimisi memoris \
            authoris unauthoris privatis modernise modernisi modernisa digitis visualise visualisa finalise \
            finalising utilis customis normalise normalisi hospitalis penalis prioritis publicise publicisi \
            popularis neutralis mobilis stabilis commercialis paediatr anaem anaesth orthopaed gynaecolog oestrogen \
            diarrhoea haemorrh haemoglob leukaem
            """,
        phrases: [
            "car park", "car parks", "sixth form", "head teacher", "head teachers", "yours faithfully",
            "yours sincerely", "at the weekend", "at weekends", "in hospital", "different to", "jumble sale",
            "mobile number", "council tax", "high street shop", "full stop", "ring me", "bank holiday",
        ],
        hints: """
            amongst dreamt cancelled cancelling moustache artefact artefacts ageing solicitor solicitors pavement \
            pavements railway railways timetable timetables pupil pupils torch biscuit biscuits cheers shall rang \
            cinema cinemas uni granddad grandad reckon queue holiday holidays autumn catalogue catalogues enquiry \
            enquiries enquire pub pubs
            """,
        hintPhrases: [
            "high street", "railway station", "primary school", "secondary school", "mobile phone", "town hall",
            "town centre", "i should be", "be grateful",
        ])

    static let american = RegionWords(
        telling: """
            color colors colored coloring colorful favor favors favored favorite favorites favorable honored \
            honoring labored laborer laborers neighbor neighbors neighbor's neighboring neighborhood neighborhoods \
            behavior behaviors behavioral rumor rumors rumored harbor harbors flavor flavors flavored humor vapor \
            odor odors armor armored candor clamor splendor tumor tumors valor parlor savior endeavor endeavors mold \
            moldy plow plowed gray center centers centered theater theaters liter liters kilometer kilometers \
            centimeter centimeters millimeter fiber fibers caliber somber meager luster specter defense offense \
            pretense traveled traveling traveler travelers labeled labeling modeled modeling signaled fueled leveled \
            dialed totaled channeled tunneled marvelous woolen counselor counselors jewelry jeweler fulfill fulfills \
            fulfillment enroll enrolls enrollment skillful skillfully willful willfully installment installments \
            distill aluminum airplane airplanes mustache pajamas skeptical skeptic skeptics cozy maneuver maneuvers \
            mom moms mom's mommy gotten math cellphone cellphones sidewalk sidewalks freeway freeways crosswalk \
            faucet diaper diapers pacifier gasoline realtor streetcar streetcars sophomore railroad railroads \
            pediatrician pediatricians pediatric anemia anesthesia orthopedic gynecologist estrogen diarrhea \
            hemorrhage leukemia y'all yall
            """,
        phrases: [
            "zip code", "zip codes", "cell phone", "cell phones", "gas station", "license plate", "parking lot",
            "movie theater", "elementary school", "grade school", "garage sale", "main st", "main street",
            "through friday", "through thursday", "through saturday", "through sunday", "social security number",
        ],
        hints: """
            honor honors labor canceled canceling catalog artifact artifacts aging archeology archeological elevator \
            trash garbage closet vacation candy attorney attorneys apartment downtown semester sincerely toward \
            truck trucks snuck pled movie movies check license practice tire tires inquiry inquiries grandpa grandma \
            mailed license
            """,
        hintPhrases: [
            "middle school", "high school", "in the hospital", "the mail", "mail you", "train station", "city hall",
            "city council", "the fall of", "this fall", "last fall", "next fall",
        ],
        leanings: """
            organiz reorganiz recogniz unrecogniz apologiz realiz criticiz summariz categoriz standardiz minimiz \
            maximiz optimiz memoriz authoriz unauthoriz privatiz moderniz digitiz visualiz finaliz utiliz customiz \
            normaliz hospitaliz penaliz prioritiz publiciz populariz neutraliz mobiliz stabiliz commercializ \
            emphasiz specializ vandaliz characteriz analyze analyzed analyzing paralyzed
            """)
}
