import ArgumentParser
import Base
import Server
struct ImportRun { let services: Services; let io: CommandIO; let queue: String; let json: Bool; func run(_ paths: [String]) async throws -> Int32 { 0 } }
struct Inspect: ParsableCommand {}
struct Doctor: ParsableCommand {}
