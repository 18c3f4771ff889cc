import Base
import Correspondence
import People
import Server
import Storage

/// Makes the organisation: queues, members with passwords, rights and teams.
struct Founding: Sendable {
    let services: Services
    let house: House
    let materials: [String: Material]
    let at: Milliseconds

    /// What the tales need of it.
    struct Founded: Sendable {
        var queues: [String: Queue] = [:]
        var members: [String: Member] = [:]
        var viewers: [String: Viewer] = [:]
    }

    func found(passwords: [String: String]) async throws -> Founded {
        var hashes: [String: String] = [:]
        for (name, password) in passwords { hashes[name] = try await services.gate.hash(password) }
        let known = hashes
        return try await services.database.write { db in
            var founded = Founded()
            for person in house.members {
                founded.members[person.address] = try add(person, password: known[person.address], in: db)
            }
            for language in Material.languages {
                guard let material = materials[language] else { continue }
                founded.queues[material.queue] = try addQueue(material, in: db)
            }
            for desk in house.queues { founded.queues[desk.name] = try addQueue(desk, in: db) }
            try grant(founded, in: db)
            for (name, member) in founded.members {
                founded.viewers[name] = try services.members.viewer(member, in: db)
            }
            return founded
        }
    }

    /// What would have answered every mail of the past by itself, and who is no longer there: done last.
    func finish(_ founded: Founded) async throws {
        let now = services.clock.now()
        try await services.database.write { db in
            for material in materials.values {
                guard let queue = founded.queues[material.queue] else { continue }
                let letter = material.acknowledgement
                try services.stores.queues.setAcknowledgement(
                    QueueStore.AcknowledgementEntry(
                        language: material.language, subject: letter.subject, text: letter.text, isOn: true),
                    of: queue.id, actor: nil, at: now, in: db)
            }
            for person in house.members where person.hasLeft == true {
                guard let member = founded.members[person.address] else { continue }
                try services.members.disable(member.id, actor: nil, at: now, in: db)
            }
            for person in house.members {
                guard let days = person.awayDays, let member = founded.members[person.address] else { continue }
                try setAway(member.id, days: Int64(days), at: now, in: db)
            }
        }
    }

    /// Away since the day before yesterday, and for some days more.
    private func setAway(_ id: ID, days: Int64, at now: Milliseconds, in db: any Connection) throws {
        let day: Milliseconds = 86_400_000
        var profile = MemberStore.Profile(try services.members.require(id, in: db))
        profile.awayFrom = Member.day(at: now - 2 * day, in: services.zone)
        profile.awayUntil = Member.day(at: now + days * day, in: services.zone)
        try services.members.setProfile(profile, of: id, at: now, in: db)
    }

    private func add(_ person: House.Person, password: String?, in db: any Connection) throws -> Member {
        let member = try services.members.add(
            email: "\(person.address)@\(house.domain)", name: person.name,
            isAdministrator: person.isAdministrator == true, password: password, mustChange: false, actor: nil, at: at,
            in: db)
        var profile = MemberStore.Profile(member)
        profile.letterName = person.letterName
        profile.language = person.language
        try services.members.setProfile(profile, of: member.id, at: at, in: db)
        return try services.members.require(member.id, in: db)
    }

    private func addQueue(_ material: Material, in db: any Connection) throws -> Queue {
        let desk = House.Desk(
            name: material.queue, displayName: material.queueName, isConfidential: false, signature: material.signature)
        return try addQueue(desk, in: db)
    }

    private func addQueue(_ desk: House.Desk, in db: any Connection) throws -> Queue {
        let queues = services.stores.queues
        let address = "\(desk.name)@\(house.domain)"
        let queue = try queues.add(
            name: desk.name, displayName: desk.displayName, addresses: [address], isList: false, actor: nil, at: at,
            in: db)
        let settings = QueueStore.Settings(
            name: desk.name, displayName: desk.displayName, addresses: [address], mode: .live, isList: false,
            isConfidential: desk.isConfidential, usesPlus: true)
        try queues.change(queue.id, to: settings, actor: nil, at: at, in: db)
        try queues.setSignature(desk.signature, of: queue.id, actor: nil, at: at, in: db)
        return try queues.require(queue.id, in: db)
    }

    private func grant(_ founded: Founded, in db: any Connection) throws {
        for person in house.members {
            guard let member = founded.members[person.address] else { continue }
            for language in Material.languages {
                guard let queue = founded.queues["info-\(language)"] else { continue }
                let rights = Self.rights(of: person, language: language)
                guard !rights.isEmpty else { continue }
                try services.members.setRights(rights, of: member.id, queue: queue.id, actor: nil, at: at, in: db)
            }
        }
        for group in house.teams {
            guard let queue = founded.queues[group.queue] else { continue }
            let team = try services.teams.add(name: group.name, actor: nil, at: at, in: db)
            let rights: Set<Right> = [.see, .note, .draft, .send, .approve, .handOver]
            try services.teams.setRights(rights, of: team.id, queue: queue.id, actor: nil, at: at, in: db)
            for name in group.members {
                guard let member = founded.members[name] else { continue }
                try services.teams.seat(
                    member.id, in: team.id, isLead: name == group.lead, actor: nil, at: at, in: db)
            }
            guard let lead = founded.members[group.lead] else { continue }
            try services.members.setRights(
                Set(Right.allCases), of: lead.id, queue: queue.id, actor: nil, at: at, in: db)
        }
    }

    private static func rights(of person: House.Person, language: String) -> Set<Right> {
        if person.leads.contains(language) { return Set(Right.allCases) }
        if person.answers.contains(language) { return [.see, .note, .draft, .send, .handOver] }
        return person.learns.contains(language) ? [.see, .note, .draft] : []
    }
}
