import ArgumentParser
import Base
import Foundation
import Logging
import Server

/// A command that works on the database: here, or in the server that holds it.
protocol StoreCommand: ParsableCommand, Sendable {
    var options: StoreOptions { get }
    /// True when standard input belongs to the command.
    var readsInput: Bool { get }
    /// What the command works with.
    func settings() async throws -> Settings
    /// Looks at what can be known before the data folder and the database are opened, and made where they are missing.
    func check(_ settings: Settings) async throws
    /// Returns the exit code. Throws `Failure` for what it cannot do.
    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32
}

extension StoreCommand {
    var readsInput: Bool { false }
    func settings() async throws -> Settings { try await options.settings() }
    func check(_ settings: Settings) async throws {}
}

/// Runs commands, on a terminal or for the control socket.
enum CommandRunner {
    static let terminal = CommandIO(
        output: { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) },
        error: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) })

    /// From the command line: through the server's socket when one runs on this data folder.
    static func run(_ command: any StoreCommand, _ arguments: [String]) async -> Int32 {
        do {
            let input = command.readsInput ? [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) : []
            let settings = try await command.settings()
            try await command.check(settings)
            let log = Logging.make(settings.logLevel, isQuiet: true)
            for attempt in 0..<20 {
                if let directory = try DataDirectory.open(settings.dataURL, isExclusive: settings.isSQLite) {
                    let services = try await Services.open(settings, directory: directory, log: log)
                    let code = await run(command, services, input, terminal)
                    await services.close()
                    return code
                }
                let socket = settings.dataURL.appending(path: "control.sock")
                if let code = try ControlChannel.run(arguments, input: input, socket: socket, io: terminal) {
                    return code
                }
                // A server that starts or ends holds the folder without listening.
                if attempt < 19 { try await Task.sleep(for: .milliseconds(250)) }
            }
            throw Failure(.unavailable, "error-unavailable", details: "the data folder is in use by another process")
        } catch let failure as Failure {
            return command.code(report(failure, to: terminal))
        } catch {
            return command.code(
                report(Failure(.internal, "error-internal", details: "\(type(of: error))"), to: terminal))
        }
    }

    /// In the server, for the control socket.
    static func run(_ arguments: [String], _ input: [UInt8], _ io: CommandIO, _ services: Services) async -> Int32 {
        do {
            guard let command = try Liaison.parseAsRoot(arguments) as? any StoreCommand else {
                io.error("this command does not run in the server")
                return 64
            }
            return await run(command, services, input, io)
        } catch {
            io.error(Liaison.message(for: error))
            return 64
        }
    }

    private static func run(_ command: any StoreCommand, _ services: Services, _ input: [UInt8], _ io: CommandIO) async
        -> Int32
    {
        do {
            return try await command.run(services, input: input, io: io)
        } catch let failure as Failure {
            return command.code(report(failure, to: io, words: { services.words(of: $0) }))
        } catch {
            return command.code(report(Failure(.internal, "error-internal", details: "\(type(of: error))"), to: io))
        }
    }

    /// One line that says what to do; the exit code of sysexits. `words` gives the sentence that pages would show.
    static func report(_ failure: Failure, to io: CommandIO, words: (Failure) -> String? = { _ in nil }) -> Int32 {
        let key = ([failure.messageKey] + failure.arguments).joined(separator: " ")
        let what = failure.details.isEmpty ? words(failure) ?? key : failure.details
        io.error("liaison: \(failure.code.rawValue): \(what)")
        switch failure.code {
        case .invalid, .notFound, .conflict, .refused, .tooLarge: return 65
        case .unavailable, .tooMany: return 69
        case .full: return 75
        case .configuration: return 78
        case .internal: return 70
        }
    }
}

extension StoreCommand {
    /// `deliver` ends with 0 or 75 only.
    fileprivate func code(_ code: Int32) -> Int32 { self is Deliver && code != 0 ? 75 : code }
}

/// The program's log: lines on standard error.
enum Logging {
    static func make(_ level: String, isQuiet: Bool = false) -> Logger {
        var log = Logger(label: "liaison") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = isQuiet ? .error : Logger.Level(rawValue: level) ?? .info
        return log
    }
}
