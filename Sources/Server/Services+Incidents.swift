import Base
import Correspondence
import Text
import Web

extension Services {
    /// Greetings are said in the languages we have words for.
    package var groupAnswering: GroupAnswering {
        let resources = resources
        return GroupAnswering(answering: answering) { language, name in
            guard let strings = try? resources.strings(),
                strings.supported(language) == String(language.prefix { $0 != "-" })
            else { return nil }
            let translate = strings.translate(strings.supported(language))
            return name.isEmpty
                ? translate("incident-greeting-nobody", []) : translate("incident-greeting", [name])
        }
    }
}
