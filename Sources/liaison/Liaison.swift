import ArgumentParser
import Base
import Foundation
import Mail
import Server

/// The program: one command a file. Exit codes follow sysexits.
@main
struct Liaison: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liaison", abstract: "The community-relations desk.",
        subcommands: [
            Serve.self, Migrate.self, MemberCommand.self, QueueCommand.self, MailboxCommand.self, TokenCommand.self,
            Import.self, Deliver.self, Inspect.self, Search.self, Backup.self, Restore.self, Verify.self, Reindex.self,
            Doctor.self, EraseCommand.self, Demo.self, KnowledgeCommand.self, MeasureCommand.self,
        ])

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // Helper processes do nothing else, and confine themselves before anything has started threads.
        if arguments.first == "parse" { HelperMain.run() }
        if arguments.first == "confine" { ConfineMain.run(Array(arguments.dropFirst().drop { $0 == "--" })) }
        ProcessMemory.share()
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(arguments)
            if let command = command as? any StoreCommand {
                end(await CommandRunner.run(command, arguments))
            }
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            end(0)
        } catch let failure as Failure {
            end(CommandRunner.report(failure, to: CommandRunner.terminal))
        } catch {
            // `deliver` ends with 0 or 75 only, so that the MTA keeps the mail.
            if arguments.first == "deliver", Liaison.exitCode(for: error) != .success {
                CommandRunner.terminal.error(Liaison.message(for: error))
                end(75)
            }
            Liaison.exit(withError: error)
        }
    }

    /// Ends at once, without exit handlers: OpenSSL's would free what a database thread that is just ending still uses.
    /// All output has been written by then.
    private static func end(_ code: Int32) -> Never { _exit(code) }
}
