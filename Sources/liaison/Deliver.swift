import ArgumentParser
import Base
import Correspondence
import Server

struct Deliver: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take one message on standard input, for an MTA's pipe. Ends with 0 when it is durable, else with 75."
    )

    @OptionGroup var options: StoreOptions
    @Option(help: "Name of the queue.") var queue: String
    @Option(help: "Envelope sender.") var sender = ""
    @Option(help: "Envelope recipient.") var recipient = ""

    var readsInput: Bool { true }

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        guard !input.isEmpty else {
            throw Failure(.invalid, "error-invalid", details: "there is no message on standard input")
        }
        let id = try await services.database.read { try QueueLookUp.require(queue, services, in: $0).id }
        let delivery = Delivery(
            queue: id, sender: sender, recipient: recipient, source: .pipe, receivedAt: services.clock.now(),
            content: .memory(input))
        _ = try await services.intake.accept(delivery)
        return 0
    }
}
