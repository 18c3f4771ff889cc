import ArgumentParser
import Base
import Correspondence
import Server
import Storage

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Where mail waits for those who answer it.",
        subcommands: [Add.self, List.self, Mode.self, Acknowledge.self, Signature.self, Grant.self, Form.self])

    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Add a queue.")

        @OptionGroup var options: StoreOptions
        @Argument(help: "A short name such as info-de.") var name: String
        @Option(help: "Address whose mail it takes; repeat for more; @domain takes the rest of a domain.") var address:
            [String] = []
        @Option(help: "Name in From of letters.") var displayName: String?
        @Flag(help: "A mailing list: References alone decide about threads.") var list = false

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let now = services.clock.now()
            try await services.database.write { db in
                _ = try services.stores.queues.add(
                    name: name, displayName: displayName ?? name, addresses: address, isList: list, actor: nil, at: now,
                    in: db)
            }
            io.output("Added the queue \(name).")
            return 0
        }
    }

    struct List: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "List the queues.")

        @OptionGroup var options: StoreOptions

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            for queue in try await services.database.read({ try services.stores.queues.all(in: $0) }) {
                io.output("\(queue.name)\t\(queue.mode.rawValue)\t\(queue.addresses.joined(separator: " "))")
            }
            return 0
        }
    }

    struct Form: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open or close the public web form of a queue; its texts are set on the queue's page.")

        @OptionGroup var options: StoreOptions
        @Argument var name: String
        @Argument(help: "open or closed") var state: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            guard state == "open" || state == "closed" else {
                throw Failure(.invalid, "error-invalid", details: "a form is open or closed")
            }
            let now = services.clock.now()
            try await services.database.write { db in
                guard let queue = try services.stores.queues.find(name: name, in: db) else {
                    throw Failure(.notFound, "error-not-found", details: "no queue \(name)")
                }
                try services.forms.setOpen(state == "open", queue: queue.id, actor: nil, at: now, in: db)
            }
            io.output("The form of \(name) is \(state): /contact/\(name)")
            return 0
        }
    }

    struct Mode: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "mode",
            abstract: "live answers people; shadow takes a copy of another desk's mail and never sends.")

        @OptionGroup var options: StoreOptions
        @Argument var name: String
        @Argument(help: "shadow or live") var mode: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            guard let mode = QueueMode(rawValue: mode) else {
                throw Failure(.invalid, "error-invalid", details: "the mode is shadow or live")
            }
            let now = services.clock.now()
            try await services.database.write { db in
                let queue = try QueueLookUp.require(name, services, in: db)
                try services.stores.queues.setMode(mode, of: queue.id, actor: nil, at: now, in: db)
            }
            io.output("\(name) is \(mode.rawValue).")
            return 0
        }
    }

    struct Acknowledge: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Text sent for a new ticket, from standard input ({{number}} is the ticket's); empty switches it off.")

        @OptionGroup var options: StoreOptions
        @Argument var name: String
        @Option(help: "Language of the text.") var language = "en"
        @Option(help: "Subject of the mail.") var subject: String

        var readsInput: Bool { true }

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let text = String(decoding: input, as: UTF8.self)
            let now = services.clock.now()
            try await services.database.write { db in
                let queue = try QueueLookUp.require(name, services, in: db)
                try services.stores.queues.setAcknowledgement(
                    QueueStore.AcknowledgementEntry(language: language, subject: subject, text: text, isOn: true),
                    of: queue.id, actor: nil, at: now, in: db)
            }
            io.output(text.isEmpty ? "No acknowledgement in \(language)." : "Acknowledgement in \(language) set.")
            return 0
        }
    }

    struct Signature: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Signature of letters, from standard input ({{name}} is the writer's name for letters).")

        @OptionGroup var options: StoreOptions
        @Argument var name: String

        var readsInput: Bool { true }

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            var text = String(decoding: input, as: UTF8.self)
            while text.last?.isNewline == true { text.removeLast() }
            let signature = text
            let now = services.clock.now()
            try await services.database.write { db in
                let queue = try QueueLookUp.require(name, services, in: db)
                try services.stores.queues.setSignature(
                    signature, of: queue.id, actor: nil, at: now, in: db)
            }
            io.output("Signature set.")
            return 0
        }
    }

    struct Grant: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Give a member exactly these rights on a queue: see,note,draft,send,approve,hand-over,manage;"
                + " none takes all away."
        )

        @OptionGroup var options: StoreOptions
        @Argument var name: String
        @Option(help: "Address of the member.") var member: String
        @Option(help: "Rights, separated by commas.") var rights: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let names = rights == "none" ? [] : rights.split(separator: ",").map(String.init)
            let rights = names.compactMap(Right.init(rawValue:))
            guard rights.count == names.count else {
                throw Failure(
                    .invalid, "error-invalid",
                    details: "rights are see,note,draft,send,approve,hand-over,manage or none")
            }
            let now = services.clock.now()
            try await services.database.write { db in
                let queue = try QueueLookUp.require(name, services, in: db)
                let member = try MemberLookUp.require(member, services, in: db)
                try services.members.setRights(Set(rights), of: member.id, queue: queue.id, actor: nil, at: now, in: db)
            }
            io.output("Done.")
            return 0
        }
    }
}

/// Queues by the name given on the command line.
enum QueueLookUp {
    static func require(_ name: String, _ services: Services, in db: any Connection) throws -> Queue {
        guard let queue = try services.stores.queues.find(name: name, in: db) else {
            throw Failure(.notFound, "error-not-found", details: "there is no queue \(name); see: liaison queue list")
        }
        return queue
    }
}
