import Base
import CPowerLoss
import Foundation
import Logging
import Schema
import Testing

@testable import Storage

/// The power goes while SQLite writes: what was committed is there, as far as our settings promise it.
struct PowerLossTests {
    @Test(arguments: [1, 40, 300, 1500]) func `every committed row is there after the power was cut`(commits: Int)
        async throws
    {
        try await withCut(durability: .full, commits: commits, writers: 1) { committed, found, _ in
            #expect(committed.count == commits)
            #expect(found.isSuperset(of: committed))
        }
    }

    @Test func `writers at work when the power is cut have lost nothing they were told is done`() async throws {
        try await withCut(durability: .full, commits: 300, writers: 4) { committed, found, _ in
            #expect(committed.count >= 300)
            #expect(found.isSuperset(of: committed))
        }
    }

    /// The twin: what GRDB sets by itself (NORMAL) loses what it called committed, and the test sees it.
    @Test func `commits that do not wait for the disk are lost and noticed`() async throws {
        try await withCut(durability: .lowered, commits: 300, writers: 1) { committed, found, lostWrites in
            #expect(committed.count == 300)
            #expect(lostWrites > 0)
            #expect(!found.isSuperset(of: committed))
        }
    }

    /// Writes rows until the power is cut, opens what the disk kept, and hands over which rows were committed, which
    /// are there and how many writes were lost.
    private func withCut(
        durability: Database.Durability, commits: Int, writers: Int,
        _ check: (Set<String>, Set<String>, Int32) throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "power-\(UUID().uuidString)")
        let kept = folder.appending(path: "kept")
        try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(cpowerloss_register() == 0)
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let path = folder.appending(path: "test.sqlite").path
        let before = try Database.open(path, log: log)
        _ = try await Migrator(Schema.migrations).migrate(before)
        await before.close()
        let database = try Database.open("file:\(path)?vfs=powerloss", durability: durability, log: log)

        let board = Board(goal: commits, stopsThere: writers == 1)
        let lostWrites = await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers { group.addTask { await write(writer, to: database, board) } }
            await board.reachGoal()
            return cpowerloss_cut(path)
        }
        for name in ["test.sqlite", "test.sqlite-wal"] {
            try FileManager.default.copyItem(at: folder.appending(path: name), to: kept.appending(path: name))
        }
        await database.close()
        let after = try Database.open(kept.appending(path: "test.sqlite").path, log: log)
        let (found, state) = try await after.read { db in
            (
                Set(try db.rows("SELECT name FROM setting").map { try $0.text("name") }),
                try db.first("PRAGMA integrity_check")?.text("integrity_check")
            )
        }
        await after.close()

        #expect(state == "ok")
        #expect(lostWrites >= 0)
        try check(await board.committed, found, lostWrites)
    }

    /// Writes rows until the board says that it is enough, or the power is gone.
    private func write(_ writer: Int, to database: Database, _ board: Board) async {
        let value = String(repeating: "x", count: 200)
        for number in 0... {
            let name = "row-\(writer)-\(number)"
            do {
                try await database.write { db in
                    _ = try db.execute("INSERT INTO setting (name, value) VALUES (\(name), \(value))")
                }
            } catch { return await board.giveUp() }
            if await board.note(name) { return }
        }
    }
}

/// What was committed so far, and who waits for enough of it.
private actor Board {
    private(set) var committed: Set<String> = []
    private let goal: Int
    /// A lone writer ends at the goal, so that the cut comes right after its commit; several go on into the cut.
    private let stopsThere: Bool
    private var isReached = false
    private var waiting: CheckedContinuation<Void, Never>?

    init(goal: Int, stopsThere: Bool) {
        self.goal = goal
        self.stopsThere = stopsThere
    }

    /// True when the writer shall end.
    func note(_ name: String) -> Bool {
        committed.insert(name)
        guard committed.count >= goal else { return false }
        giveUp()
        return stopsThere
    }

    func giveUp() {
        isReached = true
        waiting?.resume()
        waiting = nil
    }

    func reachGoal() async {
        if isReached { return }
        await withCheckedContinuation { waiting = $0 }
    }
}
