extension Charset {
    /// What to decode a label with: the superset that senders mean when they name the smaller set.
    static func resolve(_ label: String) -> Encoding {
        let name = normalised(label)
        if let known = known[name] { return known }
        if name.isEmpty || unknownNames.contains(name) { return .unknown }
        return .iconv(name)
    }

    /// Whether this program itself knows the name, so that no converter is looked for by a name that came in a mail.
    static func isNamed(_ label: String) -> Bool { known[normalised(label)] != nil }

    /// Lower case, without quotes, blanks and a trailing `*language`.
    private static func normalised(_ label: String) -> String {
        let bytes = label.utf8.prefix(64).prefix { $0 != 0x2A && $0 != 0x3B }
        return ASCII.lowercased(bytes.filter { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x27 })
    }

    private static let unknownNames: Set<String> = [
        "unknown", "x-unknown", "unknown-8bit", "x-unknown-8bit", "default", "default_charset", "none", "null", "auto",
        "binary", "8bit", "7bit", "_autodetect", "_autodetect_all", "x-user-defined", "user-defined", "charset",
        "string",
    ]

    private static let known: [String: Encoding] = {
        var table: [String: Encoding] = [:]
        func add(_ encoding: Encoding, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = encoding }
        }
        add(.utf8, "utf-8 utf8 unicode-1-1-utf-8 x-utf-8 utf-8n cp65001 utf8mb4 utf_8 unicode")
        add(.ascii, "us-ascii ascii ansi_x3.4-1968 ansi_x3.4-1986 iso646-us iso-ir-6 us 646")
        add(
            .windows1252,
            """
            iso-8859-1 iso8859-1 iso_8859-1 iso88591 8859-1 latin1 latin-1 l1 iso_8859-1:1987 cp1252 windows-1252 \
            x-cp1252 windows1252 ansi iso-ir-100 cp819 ibm819 ms-ansi
            """)
        add(
            .iconv("GB18030"),
            """
            gb2312 gb-2312 gb_2312-80 gb2312-80 gb2312_charset gbk x-gbk cp936 windows-936 euc-cn x-euc-cn gb18030 \
            gb-18030 chinese
            """
        )
        add(
            .iconv("CP949"),
            """
            ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc_5601 ksc5601 ks-c-5601-1987 euc-kr euckr cp949 windows-949 \
            x-windows-949 uhc korean
            """
        )
        add(
            .iconv("CP932"),
            "shift_jis shift-jis shiftjis sjis x-sjis ms_kanji windows-31j cp932 windows-932 csshiftjis x-ms-cp932")
        add(.iconv("EUC-JP-MS"), "euc-jp eucjp x-euc-jp x-euc cseucpkdfmtjapanese")
        add(
            .iconv("ISO-2022-JP-3"),
            "iso-2022-jp iso2022-jp iso-2022-jp-1 iso-2022-jp-ms cp50220 cp50221 cp50222 csiso2022jp")
        add(.iconv("BIG5-HKSCS"), "big5 big-5 big5-tw x-x-big5 cn-big5 csbig5 cp950 windows-950 big5-hkscs big5hkscs")
        add(.iconv("CP1254"), "iso-8859-9 iso8859-9 iso_8859-9 latin5 windows-1254 cp1254 x-cp1254")
        add(.iconv("CP874"), "tis-620 tis620 iso-8859-11 windows-874 cp874 dos-874 x-windows-874")
        add(.iconv("ISO-8859-8"), "iso-8859-8 iso-8859-8-i iso-8859-8-e iso8859-8 visual logical hebrew")
        add(.iconv("CP1255"), "windows-1255 cp1255 x-cp1255")
        add(.iconv("CP1251"), "windows-1251 cp1251 x-cp1251 win-1251 cyrillic-1251")
        add(.iconv("CP1250"), "windows-1250 cp1250 x-cp1250 win-1250")
        add(.iconv("CP1253"), "windows-1253 cp1253 x-cp1253")
        add(.iconv("CP1256"), "windows-1256 cp1256 x-cp1256")
        add(.iconv("CP1257"), "windows-1257 cp1257 x-cp1257")
        add(.iconv("CP1258"), "windows-1258 cp1258 x-cp1258")
        add(.iconv("KOI8-R"), "koi8-r koi8r koi8 koi")
        add(.iconv("KOI8-U"), "koi8-u koi8u koi8-ru")
        add(.iconv("MAC-CYRILLIC"), "x-mac-cyrillic mac-cyrillic maccyrillic x-mac-ukrainian")
        add(.iconv("MACINTOSH"), "macintosh x-mac-roman mac macroman x-macintosh")
        add(.iconv("UTF-7"), "utf-7 utf7 unicode-1-1-utf-7 x-unicode-1-1-utf-7 unicode-2-0-utf-7")
        add(.iconv("UTF-16"), "utf-16 utf16 ucs-2 iso-10646-ucs-2")
        add(.iconv("IBM850"), "cp850 ibm850 dos-850 cp-850")
        for number in [2, 3, 4, 5, 6, 7, 10, 13, 14, 15, 16] {
            let target = Encoding.iconv("ISO-8859-\(number)")
            add(target, "iso-8859-\(number) iso8859-\(number) iso_8859-\(number) iso8859_\(number) 8859-\(number)")
        }
        add(.iconv("ISO-8859-15"), "latin9 latin-9 l9")
        add(.iconv("ISO-8859-2"), "latin2 latin-2 l2")
        return table
    }()
}
