import Base
import Correspondence
import Foundation
import Text
import Web

/// What a confirmation of receipt says of the waiting time, in the language of its text.
enum WaitingWords {
    static func make(_ settings: Settings) -> Acknowledging.Waiting {
        let folder = try? Resources.folder(settings).appending(path: "i18n", directoryHint: .isDirectory)
        guard let folder, let messages = try? Messages(directory: folder) else { return { _, _ in "" } }
        let strings = Strings(messages)
        return { time, language in
            WaitingPhrase.usual(time).text(strings.translate(strings.supported(language)))
        }
    }
}
