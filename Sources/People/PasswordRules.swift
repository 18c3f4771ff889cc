import Base
import Foundation

/// Which passwords are too easy: short ones, and those made of what everybody tries first.
package enum PasswordRules {
    /// What is left must be as long as this after everything guessable was taken out.
    private static let ownLength = 8
    private static let common = [
        "correcthorsebatterystaple", "thequickbrownfoxjumpsoverthelazydog", "thequickbrownfox", "qwertyuiop",
        "1q2w3e4r5t", "1q2w3e4r", "1qaz2wsx", "zaq12wsx", "q1w2e3r4", "asdfghjkl", "zxcvbnm", "qwertz", "qwerty",
        "azerty", "asdfgh", "passwort", "password", "passw0rd", "p@ssw0rd", "contraseña", "contrasena",
        "motdepasse", "senha", "parola", "пароль", "йцукен", "密码", "パスワード", "पासवर्ड", "passphrase", "secret",
        "changeme", "letmein", "welcome", "willkommen", "bienvenue", "bienvenido", "iloveyou", "jetaime", "tequiero",
        "administrator", "admin", "default", "trustno1", "sunshine", "princess", "football", "baseball", "superman",
        "batman", "monkey", "dragon", "master", "shadow", "michael", "jennifer", "charlie", "whatever", "computer",
        "internet", "wikipedia", "wikimedia", "liaison", "hello", "test", "abcdefghijklmnopqrstuvwxyz",
    ]

    /// The key of what is wrong with a password; nil when it is good. `context`: names and addresses of the person.
    package static func problem(_ password: String, context: [String]) -> String? {
        guard password.count >= Password.minimumLength, password.count <= Password.maximumLength else {
            return "first-password-short"
        }
        return ownLength(of: password, context: context) < ownLength ? "account-password-easy" : nil
    }

    /// Characters that are neither a common word, nor of the person, nor part of a run such as `1234` or `aaaa`.
    private static func ownLength(of password: String, context: [String]) -> Int {
        var rest = password.lowercased().filter { !$0.isWhitespace && !".-_".contains($0) }
        let own = context.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } }.map { String($0) }
        for word in (common + own.filter { $0.count >= 3 }).sorted(by: { $0.count > $1.count }) {
            rest = rest.replacing(word, with: "\u{0}")
        }
        let scalars = rest.unicodeScalars.filter { $0.value > 0 }.map { Int($0.value) }
        var steps = 0
        var seen: Set<[Int]> = []
        for (index, scalar) in scalars.enumerated() {
            let isRun = index > 0 && abs(scalar - scalars[index - 1]) <= 1
            // Three characters that stood together before are a repetition.
            let group = index >= 2 ? Array(scalars[index - 2...index]) : []
            let isRepeated = !group.isEmpty && !seen.insert(group).inserted
            if !isRun && !isRepeated { steps += 1 }
        }
        return steps
    }
}
