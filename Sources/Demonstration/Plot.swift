import Base
import Correspondence

/// Makes up a year: what happens to whom and when. The same seed and the same end give the same year.
struct Plot: Sendable {
    private static let minute: Milliseconds = 60_000
    private static let hour: Milliseconds = 60 * minute
    private static let day: Milliseconds = 24 * hour
    private static let weights = [
        ("en", 24), ("de", 14), ("fr", 12), ("es", 12), ("ja", 9), ("ru", 8), ("zh", 8), ("pt", 6), ("ar", 4),
        ("hi", 3),
    ]

    let materials: [String: Material]
    let house: House
    /// Nothing happens later.
    let end: Milliseconds
    private var chance: Chance

    init(materials: [String: Material], house: House, end: Milliseconds, seed: UInt64) {
        self.materials = materials
        self.house = house
        self.end = end
        chance = Chance(seed: seed)
    }

    /// A year with about this many tickets.
    mutating func year(tickets: Int) -> [Tale] {
        var tales = flood() + hotTopic(max(10, tickets / 35)) + eachMatterOnce()
        tales += (0..<max(3, tickets / 30)).map { _ in junk() }
        tales += failures() + inHand(max(20, tickets / 60)) + lives() + stragglers()
        while tales.count < tickets {
            let material = written(chance.pick(weighted: Self.weights))
            let matters = material.threads.filter { $0.key != "hot" }
            tales.append(tale(chance.pick(matters), material, at: moment(daysAgo: daysAgo())))
        }
        return tales.map { ended($0) }
    }

    private func written(_ language: String) -> Material {
        guard let material = materials[language] ?? materials.values.first else { preconditionFailure("no material") }
        return material
    }

    /// More of it is recent: the Almanac grows.
    private mutating func daysAgo() -> Int {
        chance.happens(18) ? chance.number(0...12) : min(chance.number(0...364), chance.number(0...420))
    }

    /// A moment of a day, mostly when people are awake.
    private mutating func moment(daysAgo: Int) -> Milliseconds {
        let hour = chance.happens(85) ? chance.number(7...21) : chance.number(0...23)
        let inDay = Milliseconds(hour) * Self.hour + Milliseconds(chance.number(0...3599)) * 1000
        return min(end - 20 * Self.minute, end - end % Self.day - Milliseconds(daysAgo) * Self.day + inDay)
    }

    private mutating func hours(_ range: ClosedRange<Int>) -> Milliseconds {
        Milliseconds(chance.number(range.lowerBound * 60...range.upperBound * 60)) * Self.minute
    }

    // MARK: - What always happens

    private mutating func eachMatterOnce() -> [Tale] {
        Material.languages.flatMap { language in
            let material = written(language)
            return material.threads.filter { $0.key != "hot" }.map { matter in
                tale(matter, material, at: moment(daysAgo: chance.number(20...360)))
            }
        }
    }

    /// Thirty mails about one event in an hour.
    private mutating func flood() -> [Tale] {
        let start = end - end % Self.day - 40 * Self.day + 14 * Self.hour
        let languages = (0..<12).map { _ in "en" } + Material.languages.filter { $0 != "en" }.flatMap { [$0, $0] }
        return languages.map { language in
            let material = written(language)
            let wording = Wording(material, chance: &chance)
            let letter = chance.pick(material.flood)
            let agent = chance.pick(house.agents(of: material.queue))
            let at = start + Milliseconds(chance.number(0...3599)) * 1000
            var tale = Tale(queue: material.queue, person: wording.person)
            let text = wording.fromPerson(letter.text, isFirst: true, chance: &chance)
            tale.add(.mail(Tale.Words(subject: letter.subject, text: text, language: language)), at: at)
            tale.add(.tags(["front-page"]), at: at + Self.hour, by: agent)
            tale.add(.state(.closed), at: at + 4 * Self.hour, by: agent)
            return tale
        }
    }

    /// The same happens to somebody again: nobody has looked at it, and triage knows what it is about.
    private mutating func stragglers() -> [Tale] {
        ["en", "es", "ja"].map { language in
            let material = written(language)
            let wording = Wording(material, chance: &chance)
            let letter = chance.pick(material.flood)
            var tale = Tale(queue: material.queue, person: wording.person)
            let text = wording.fromPerson(letter.text, isFirst: true, chance: &chance)
            tale.add(
                .mail(Tale.Words(subject: letter.subject, text: text, language: language)), at: end - hours(2...30))
            return tale
        }
    }

    /// A living person is in the news, and many write about her article.
    private mutating func hotTopic(_ count: Int) -> [Tale] {
        (0..<count).map { _ in
            let material = written(chance.pick(weighted: Self.weights))
            let matter = material.threads.first { $0.key == "hot" } ?? material.threads[0]
            return tale(matter, material, at: moment(daysAgo: chance.number(9...16)))
        }
    }

    private mutating func junk() -> Tale {
        let candidates = Material.languages.filter { !written($0).junk.isEmpty }
        let material = written(chance.pick(candidates))
        let wording = Wording(material, domain: "offers.example", chance: &chance)
        let letter = chance.pick(material.junk)
        let at = moment(daysAgo: daysAgo())
        var tale = Tale(queue: material.queue, person: wording.person)
        let words = Tale.Words(
            subject: letter.subject, text: letter.text + "\n\n" + wording.person.name, language: material.language)
        tale.add(.mail(words), at: at)
        tale.add(.state(.junk), at: at + hours(1...30), by: chance.pick(house.agents(of: material.queue)))
        return tale
    }

    /// Answers that do not arrive: addresses that are gone, servers that refuse or fall silent.
    private mutating func failures() -> [Tale] {
        let domains = ["gone.example", "gone.example", "gone.example", "refusing.example", "silent.example"]
        return domains.enumerated().map { index, domain in
            let material = written(Material.languages[index * 2])
            let matter = material.threads.first { $0.key == "how" } ?? material.threads[0]
            let at = moment(daysAgo: 3 + index * 2)
            let wording = Wording(material, domain: domain, chance: &chance)
            let agent = chance.pick(house.agents(of: material.queue))
            var tale = opening(matter, wording, at: at)
            tale.add(.take, at: at + Self.hour, by: agent)
            tale.add(.answer(wording.fromDesk(matter.mails[1])), at: at + 2 * Self.hour, by: agent)
            if domain == "gone.example" { tale.add(.bounce, at: at + 2 * Self.hour + 2 * Self.minute) }
            return tale
        }
    }

    /// What there is to do today: answers being written, tickets taken and not taken that wait, some for too long.
    private mutating func inHand(_ count: Int) -> [Tale] {
        (0..<count).map { index in
            let material =
                index < 10 ? written(Material.languages[index]) : written(chance.pick(weighted: Self.weights))
            let matters = material.threads.filter { $0.queue == nil && $0.mails.count > 1 && $0.key != "hot" }
            let matter = chance.pick(matters)
            let isOverdue = index.isMultiple(of: 4)
            let at = end - (isOverdue ? hours(200...500) : hours(8...60))
            let wording = Wording(material, chance: &chance)
            let agent = chance.pick(house.agents(of: material.queue))
            var tale = opening(matter, wording, at: at)
            if index % 3 == 1 { return tale }
            tale.add(.take, at: at + hours(1...4), by: agent)
            tale.add(.tags(matter.tags), at: at + 4 * Self.hour + Self.minute, by: agent)
            if index.isMultiple(of: 2) {
                let draft = wording.fromDesk(matter.mails[1])
                tale.add(.draft(draft), at: end - hours(1...3), by: agent)
            } else if isOverdue || index.isMultiple(of: 3) {
                tale.add(.note(chance.pick(material.notes)), at: at + 5 * Self.hour, by: agent)
            }
            return tale
        }
    }

    /// Letters about a life: seen by the packs, by a person only, or taken for one by mistake.
    private mutating func lives() -> [Tale] {
        Material.languages.flatMap { language in
            let material = written(language)
            return (material.lives ?? []).map { tale(of: $0, material) }
        }
    }

    private mutating func tale(of life: Material.Life, _ material: Material) -> Tale {
        let wording = Wording(material, chance: &chance)
        let agent = chance.pick(house.agents(of: material.queue))
        let at = life.daysAgo.map { moment(daysAgo: $0) } ?? end - 25 * Self.minute
        var tale = Tale(queue: material.queue, person: wording.person)
        let text = wording.fromPerson(life.text, isFirst: false, chance: &chance)
        let words = Tale.Words(subject: wording.filled(life.subject), text: text, language: material.language)
        tale.add(.mail(words), at: at)
        guard life.daysAgo != nil else { return tale }
        if life.isRaised == true { tale.add(.label(.danger), at: at + 20 * Self.minute, by: agent) }
        tale.add(.take, at: at + 30 * Self.minute, by: agent)
        if let answer = life.answer {
            tale.add(.answer(wording.fromDesk(answer)), at: at + 40 * Self.minute, by: agent)
        }
        let end: Labelling.End = life.isMistake == true ? .mistaken : .givenBack
        tale.add(.unlabel(.danger, end), at: at + 50 * Self.minute, by: agent)
        tale.add(.state(.closed), at: at + 60 * Self.minute, by: agent)
        return tale
    }

    // MARK: - One matter

    /// What the desk hands to specialists.
    private static let labels: [String: SpecialistLabel] = [
        "interview": .press, "copyright": .permission, "living-person": .livingPerson,
    ]

    private mutating func opening(_ matter: Material.Matter, _ wording: Wording, at: Milliseconds) -> Tale {
        var tale = Tale(queue: matter.queue ?? wording.material.queue, person: wording.person)
        let text = wording.fromPerson(matter.mails[0], isFirst: true, chance: &chance)
        let words = Tale.Words(
            subject: wording.filled(matter.subject), text: text, language: wording.material.language, file: matter.file)
        tale.add(.mail(words), at: at)
        return tale
    }

    private mutating func tale(_ matter: Material.Matter, _ material: Material, at start: Milliseconds) -> Tale {
        let wording = Wording(material, chance: &chance)
        var tale = opening(matter, wording, at: start)
        var agent = chance.pick(house.agents(of: tale.queue))
        var at = start + (chance.happens(70) ? hours(1...20) : hours(20...110))
        // Some that came lately wait too long.
        if start > end - 45 * Self.day, chance.happens(9) { at += 40 * Self.day }
        if chance.happens(4) { at = askAgain(&tale, wording, from: start, by: agent) }
        tale.add(.take, at: at, by: agent)
        if !matter.tags.isEmpty { tale.add(.tags(matter.tags), at: at + Self.minute, by: agent) }
        if let label = matter.tags.compactMap({ Self.labels[$0] }).first {
            tale.add(.label(label), at: at + 3 * Self.minute, by: agent)
            tale.add(.unlabel(label, .givenBack), at: at + 9 * Self.minute, by: agent)
        }
        if let priority = matter.priority { tale.add(.priority(priority), at: at + 2 * Self.minute, by: agent) }
        if chance.happens(14) { tale.add(.note(chance.pick(material.notes)), at: at + 5 * Self.minute, by: agent) }
        if matter.key == "self", chance.happens(40) {
            tale.add(.move("legal"), at: at + 10 * Self.minute, by: agent)
            agent = chance.pick(house.agents(of: "legal"))
        }
        converse(matter, wording, &tale, by: agent, from: at + 15 * Self.minute)
        return tale
    }

    /// The person writes once more without answering anything; both tickets become one. Returns when work begins.
    private mutating func askAgain(
        _ tale: inout Tale, _ wording: Wording, from start: Milliseconds, by agent: String
    ) -> Milliseconds {
        let letter = wording.material.again
        let text = wording.fromPerson(letter.text, isFirst: true, chance: &chance)
        let words = Tale.Words(
            subject: wording.filled(letter.subject), text: text, language: wording.material.language)
        let at = start + 7 * Self.day + hours(1...9)
        tale.add(.mail(words), at: at)
        tale.add(.join, at: at + 3 * Self.hour, by: agent)
        return at + 4 * Self.hour
    }

    /// The turns after the first mail, and how it ends.
    private mutating func converse(
        _ matter: Material.Matter, _ wording: Wording, _ tale: inout Tale, by agent: String, from start: Milliseconds
    ) {
        var at = start
        let isReopened = matter.mails.count > 2 && chance.happens(12)
        for (turn, text) in matter.mails.enumerated().dropFirst() {
            if turn.isMultiple(of: 2) {
                at += isReopened && turn == 2 ? hours(300...900) : hours(2...90)
                let words = Tale.Words(
                    subject: "Re: " + wording.filled(matter.subject),
                    text: wording.fromPerson(text, isFirst: false, chance: &chance),
                    language: wording.material.language, isReply: true)
                tale.add(.mail(words), at: at)
            } else {
                at += turn == 1 ? hours(0...6) : hours(3...50)
                tale.add(.answer(wording.fromDesk(text)), at: at, by: agent)
                if chance.happens(4) { tale.add(.autoReply(away(matter, wording)), at: at + 2 * Self.minute) }
                if isReopened, turn == 1 { tale.add(.state(.closed), at: at + hours(50...200), by: agent) }
            }
        }
        at += matter.mails.count.isMultiple(of: 2) ? hours(60...330) : hours(4...80)
        if chance.happens(4) {
            tale.add(.state(.waiting), at: at, by: agent)
        } else if matter.ends != nil || chance.happens(93) {
            tale.add(.state(.closed), at: at, by: agent)
        }
    }

    private func away(_ matter: Material.Matter, _ wording: Wording) -> Tale.Words {
        let letter = wording.material.autoReply
        return Tale.Words(
            subject: wording.filled(letter.subject, subject: wording.filled(matter.subject)), text: letter.text,
            language: wording.material.language, isReply: true)
    }

    /// Without what would be later than the end; an answer that is just being written is a draft.
    private mutating func ended(_ tale: Tale) -> Tale {
        var tale = tale
        tale.steps.sort { $0.at < $1.at }
        let later = tale.steps.first { $0.at > end }
        tale.steps.removeAll { $0.at > end }
        if let later, case .answer(let text) = later.act, let last = tale.steps.last, chance.happens(45) {
            let at = min(end - Self.minute, last.at + 30 * Self.minute)
            if at > last.at { tale.add(.draft(text), at: at, by: later.agent) }
        }
        return tale
    }
}
