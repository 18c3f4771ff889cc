import Markup

@testable import Correspondence
@testable import Knowledge
@testable import Web

extension SamplePage {
    private static let german = LanguageSignRow(
        code: "de", name: "German", path: "/knowledge/7?language=de", percent: 60, isWhole: false, isOutdated: true,
        label: Phrase("knowledge-translation-progress", .number(3), .number(5)))
    private static let published = TextSign(Phrase("knowledge-state-published"), isWarning: false)
    private static let runs = ChangedRun.runs(
        from: "Thank you for it.", to: "Thank you very much for it.", language: "en")
    private static let paragraph = ShownParagraph(
        pieces: MarkdownPieces.of("Guten Tag **{{contact.name}}**,"), language: "de", foreign: "German",
        isOutdated: true)
    private static let fact = TextFact(
        name: Phrase("knowledge-field-value"), value: TextRun.runs(of: "65 million"), isLarge: true)

    private static let list = KnowledgeListPage(
        count: Phrase("knowledge-count", .number(2)), newPath: "/knowledge/new",
        views: [CountedLink(Phrase("knowledge-overdue"), count: 1, path: "/knowledge?overdue=1")],
        kinds: [CountedLink(Phrase("knowledge-kind-template"), count: 2, path: "/knowledge?kind=template")],
        topics: [CountedLink(.verbatim("Pictures"), count: 2, path: "/knowledge?topic=Pictures", isCurrent: true)],
        filter: TextFilterForm(
            path: "/knowledge", query: "photo", kept: [KeptValue(name: "topic", value: "Pictures")],
            languages: [Choice("de", .verbatim("German"), isSelected: true)],
            needs: [Choice("outdated", Phrase("knowledge-translation-outdated"))]),
        rows: [
            TextRow(
                path: "/knowledge/7", kind: Phrase("knowledge-kind-template"), title: "Danke für ein Foto",
                language: "de",
                excerpt: [TextRun("Thank you for the "), TextRun("photo", isMarked: true)], excerptLanguage: "en",
                hasExcerpt: true, topic: "Pictures", tags: ["thanks"], owner: "Ana Sousa", moment: .yesterday,
                state: TextSign(Phrase("knowledge-state-draft"), isWarning: true),
                audience: Phrase("knowledge-audience-public"), overdue: Phrase("knowledge-overdue"),
                languages: [german], whole: "en fr", wholeLabel: Phrase("knowledge-whole", .text("English, French")))
        ], empty: nil, problem: nil, newerPath: "/knowledge", olderPath: "/knowledge?cursor=x")

    private static let text = TextPage(
        name: "Danke für ein Foto", nameLanguage: "de", kind: Phrase("knowledge-kind-template"), state: published,
        overdue: Phrase("knowledge-overdue"), audience: Phrase("knowledge-audience-team"), owner: "Ana Sousa",
        listPath: "/knowledge", languages: [german],
        notes: [Phrase("knowledge-note-fallback", .number(1), .text("German"))], paragraphs: [paragraph],
        facts: [fact], topic: Link(.verbatim("Pictures"), "/knowledge?topic=Pictures"),
        tags: [Link(.verbatim("thanks"), "/knowledge?tag=thanks")], version: Phrase("knowledge-version", .number(3)),
        credits: ["Ben Okafor"], hasCredits: true, moment: .yesterday, review: "21 May 2027", places: ["Press"],
        file: FileLink(name: "logo.png", size: "4 KB", path: "/knowledge/7/file"),
        actions: TextActions(
            edit: "/knowledge/7/edit", properties: "/knowledge/7/properties", translate: "/knowledge/7/translation",
            propose: "/knowledge/7/proposing", versions: "/knowledge/7/versions", printing: "/knowledge/7/print",
            wikitext: "/knowledge/7/wikitext", publish: Action("/knowledge/7/publication"),
            withdraw: Action("/knowledge/7/withdrawal"), archive: Action("/knowledge/7/archiving"),
            looked: Action("/knowledge/7/looked-through"), nextReview: "2027-05-22"),
        proposals: [
            ProposalRow(
                path: "/knowledge/7/proposals/1", author: "Ben Okafor", comment: "Warmer",
                moment: .anHourAgo, state: Phrase("proposal-state-declined"), answer: "Too long", isOpen: false)
        ], placeholders: ["{{contact.name}}"],
        origin: Link(Phrase("review-lesson-origin"), "/reviews/7"),
        feedback: Phrase("knowledge-feedback", .number(12), .number(3)),
        use: TextUse(sentences: [Phrase("suggestion-used-sent", .number(4))], path: "/suggestions"))

    private static let edit = TextEditPage(
        heading: Phrase("knowledge-edit-title", .text("Articles")), backPath: "/knowledge/7", path: "/knowledge/7/edit",
        seen: 3, name: Field("Articles", problem: Phrase("knowledge-title-missing")),
        body: Field("{{contact.nmae}}", problem: Phrase("placeholder-unknown", "{{contact.nmae}}")),
        bodyLabel: Phrase("knowledge-body"),
        fields: [
            FieldRow(id: "value", name: Phrase("knowledge-field-value"), value: "65 million", isDay: false),
            FieldRow(id: "as-of", name: Phrase("knowledge-field-as-of"), value: "2026-11-21", isDay: true),
        ], note: Field("count"), noteLabel: Phrase("knowledge-note"), isNew: false, isProposal: false, mayPlan: true,
        takesFile: true, language: Field("en"),
        languages: [Choice("en", .verbatim("English"), isSelected: true)], kind: "key-figure",
        placeholders: [PlaceholderHelp(text: "{{date:+7}}", meaning: Phrase("placeholder-date"))],
        problem: Phrase("placeholder-unknown", "{{contact.nmae}}"), button: Phrase("web-save"))

    private static let properties = TextPropertiesPage(
        name: "Articles", textPath: "/knowledge/7", path: "/knowledge/7/properties",
        audiences: [Choice("team", Phrase("knowledge-audience-team-about"), isSelected: true)],
        teams: [Choice("1", .verbatim("Press"), isSelected: true)], queues: [Choice("2", .verbatim("info-de"))],
        owners: [Choice("3", .verbatim("Ana Sousa"), isSelected: true)], topic: "Pictures", topics: ["Pictures"],
        tags: "thanks", review: "2027-05-22", embargo: "2026-12-01T09:00", slug: "articles",
        problem: Phrase("knowledge-day-wrong", "soon"))

    private static let translation = TranslationPage(
        name: "Thanks for a photo", textPath: "/knowledge/7?language=de", path: "/knowledge/7/translation",
        sourceLanguage: "en", sourceName: "English", target: "de", targetName: "German",
        languages: [Choice("de", .verbatim("German"), isSelected: true)],
        progress: Phrase("knowledge-translation-progress", .number(3), .number(5)), percent: 60,
        rows: [
            TranslationRow(
                id: "11", isTitle: true, isNeutral: false, source: "Thank you very much for it.",
                words: "Danke dafür.", lines: 2, seen: "5",
                state: TranslationSign(state: .outdated, name: Phrase("knowledge-translation-outdated")),
                isDraft: true, changes: runs, hasChanges: true, isStillRight: true, mayReview: true,
                who: Phrase("knowledge-translation-by", .text("Ben Okafor")),
                missing: Phrase("knowledge-placeholders-missing", .text("{{contact.name}}")), other: "Danke.",
                problem: Phrase("placeholder-unknown", "{{x}}")),
            TranslationRow(
                id: "12", isTitle: false, isNeutral: true, source: "* * *", words: "", lines: 2, seen: "0",
                state: TranslationSign(state: .missing, name: Phrase("knowledge-translation-missing")),
                isDraft: false, changes: [], hasChanges: false, isStillRight: false, mayReview: false, who: nil,
                missing: nil, other: nil,
                problem: nil),
        ], problem: Phrase("knowledge-translation-collision"), mayReview: true)

    private static let changes = [
        ParagraphChange(field: Phrase("knowledge-field-value"), runs: runs, isChanged: true),
        ParagraphChange(runs: runs, isChanged: false),
    ]

    private static let versions: [SamplePage] = [
        SamplePage(
            name: "knowledge-versions",
            page: VersionListPage(
                name: "Articles", textPath: "/knowledge/7",
                versions: [
                    VersionRow(
                        number: 2, path: "/knowledge/7/versions/2", author: "Ana Sousa",
                        credit: Phrase("knowledge-credit", .text("Ben Okafor")), note: "shorter", moment: .yesterday,
                        restore: Action("/knowledge/7/versions/2/restoration"), isNewest: false)
                ])),
        SamplePage(
            name: "knowledge-version",
            page: VersionPage(
                name: "Articles", language: "en", listPath: "/knowledge/7/versions",
                heading: Phrase("knowledge-version-compared", .number(3), .number(2)),
                others: [Link(Phrase("knowledge-compare-newest"), "/knowledge/7/versions/2?with=3")], changes: changes,
                restore: Action("/knowledge/7/versions/2/restoration"),
                needsPath: "/knowledge/7/versions/3/translations")),
        SamplePage(
            name: "knowledge-needs",
            page: NeedsPage(
                name: "Articles", language: "en", textPath: "/knowledge/7",
                path: "/knowledge/7/versions/3/translations",
                paragraphs: [NeedRow(id: "11", runs: runs, languages: ["German"], isSmall: true)])),
        SamplePage(
            name: "knowledge-proposal",
            page: ProposalPage(
                name: "Articles", language: "en", textPath: "/knowledge/7", author: "Ben Okafor", comment: "Newer",
                moment: .anHourAgo, changes: changes, accept: Action("/knowledge/7/proposals/1/acceptance"),
                decline: Action("/knowledge/7/proposals/1/refusal"),
                decided: Phrase("proposal-accepted-by", .text("Ana Sousa")), answer: "Thanks",
                due: Phrase("proposal-due", .text("1 December 2026")), problem: Phrase("proposal-reason-missing"))),
    ]

    private static let languages = [
        HelpLanguage(code: "ar", name: "العربية", path: "/help?language=ar", isCurrent: true)
    ]
    private static let help: [SamplePage] = [
        SamplePage(
            name: "help",
            page: HelpListPage(
                languages: languages, language: "en", path: "/help", query: "", heading: Phrase("help-title"),
                topics: [
                    CountedHelpLink(name: "Pictures", path: "/help?topic=Pictures", count: .figure(2), isCurrent: true)
                ],
                texts: [HelpLink(title: "Darf ich das Foto drucken?", language: "de", path: "/help/photo", value: "")],
                press: [HelpLink(title: "Articles", language: "en", path: "/help/articles", value: "65 million")],
                isSearch: false, isPart: false, allPath: "/help?language=en", pressPath: "/help?language=en&press=1",
                nextPath: "/help?language=en&after=x", feedPath: "/help/feed?language=en",
                askPath: "/contact?language=en")),
        SamplePage(
            name: "help-text",
            page: HelpTextPage(
                languages: languages, heading: "Darf ich das Foto drucken?", headingLanguage: "de",
                notes: [Phrase("help-outdated")],
                paragraphs: [
                    HelpParagraph(pieces: MarkdownPieces.of("Ja, [so](https://example.org)."), language: "de")
                ], facts: [HelpFact(name: Phrase("help-fact-author"), value: "Lena Weber")],
                file: HelpFile(name: "foto.png", path: "/help/photo/file"),
                changed: Phrase("help-changed", .text("21 November 2026")), listPath: "/help?language=en",
                feedbackPath: "/help/photo/feedback?language=en", seen: "20778.abc", hasThanked: false,
                askPath: "/contact?language=en")),
    ]

    private static let suggested = TextSuggestionLine(
        id: "7", title: "Danke für ein Foto", language: "de", kind: Phrase("knowledge-kind-template"),
        path: "/knowledge/7", reasons: [Phrase("suggestion-reason-words", .text("foto, großvater"))],
        warning: Phrase("suggestion-state-outdated", .text("German")))
    private static let choosing: [SamplePage] = [
        SamplePage(
            name: "texts",
            page: TextChoicePage(
                ticket: Link(.verbatim("#2026112100000172"), "/tickets/172#answer"), path: "/tickets/172/texts",
                draft: "7", query: "foto", items: [suggested], none: Phrase("suggestion-none-found"),
                insertPath: "/tickets/172/texts", reportPath: "/suggestions")),
        SamplePage(
            name: "suggestion-report",
            page: SuggestionReportPage(
                used: [
                    UsedText(
                        title: "Danke für ein Foto", language: "de", path: "/knowledge/7",
                        sent: Phrase("suggestion-used-sent", .number(3)),
                        kept: Phrase("suggestion-used-kept", .number(80)),
                        answered: Phrase("suggestion-used-answered", .number(1)))
                ],
                hasUsed: true,
                gaps: [
                    GapLine(
                        size: Phrase("suggestion-gap", .number(4)), language: "de",
                        tickets: [Link(.verbatim("Foto"), "/tickets/172")], textPath: "/suggestions/1/text",
                        dismissPath: "/suggestions/1/dismissal")
                ])),
    ]

    static let knowledge: [SamplePage] =
        [
            SamplePage(name: "knowledge-list", page: list), SamplePage(name: "knowledge-text", page: text),
            SamplePage(name: "knowledge-edit", page: edit),
            SamplePage(
                name: "knowledge-kinds",
                page: KindChoicePage(kinds: [
                    KindChoice(
                        name: Phrase("knowledge-kind-lesson"), about: Phrase("knowledge-about-lesson"),
                        path: "/knowledge/new?kind=lesson")
                ])),
            SamplePage(name: "knowledge-properties", page: properties),
            SamplePage(
                name: "knowledge-print",
                page: TextPrintPage(
                    name: "Interview", nameLanguage: "en", kind: Phrase("knowledge-kind-briefing"), facts: [fact],
                    paragraphs: [paragraph], printed: Phrase("knowledge-printed", .text("21 November"), .number(3)),
                    backPath: "/knowledge/7")),
            SamplePage(name: "knowledge-translation", page: translation),
        ] + versions + help + choosing
}
