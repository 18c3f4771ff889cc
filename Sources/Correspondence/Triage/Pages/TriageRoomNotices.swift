import Hummingbird
import Web

/// What the page of triage says after a change, with the way back.
enum TriageRoomNotices {
    static func changed(_ target: TriageSuggestion.Target, _ value: String, from former: Int) -> String {
        TriagePaths.room(query: [
            ("notice", "threshold"), ("target", target.rawValue), ("value", value), ("threshold", String(former)),
        ])
    }

    static func switched(_ label: SpecialistLabel, isOn: Bool) -> String {
        TriagePaths.room(query: [("notice", isOn ? "on" : "off"), ("label", label.rawValue)])
    }

    static func made(of request: Request) -> [Frame.Notice] {
        let query = request.uri.queryParameters
        func word(_ name: Substring) -> String { query[name].map(String.init) ?? "" }
        let label = SpecialistLabel(rawValue: word("label"))
        switch word("notice") {
        case "asked": return [Frame.Notice(.done, Phrase("triage-train-asked"))]
        case "threshold":
            let path = TriagePaths.threshold(query: ["target", "value", "threshold"].map { ($0, word($0[...])) })
            return [Frame.Notice(.done, Phrase("notice-changed"), action: undo(path))]
        case "on", "off":
            guard let label else { return [] }
            let isOn = word("notice") == "on"
            let text = Phrase(
                isOn ? "triage-starting-switched-on" : "triage-starting-switched-off",
                .phrase(Phrase("label-\(label.rawValue)")))
            return [Frame.Notice(.done, text, action: undo(isOn ? TriagePaths.off(label) : TriagePaths.on(label)))]
        default: return []
        }
    }

    private static func undo(_ path: String) -> Frame.NoticeAction { Frame.NoticeAction(Phrase("web-undo"), path) }
}
