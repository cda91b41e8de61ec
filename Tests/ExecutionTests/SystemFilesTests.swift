import Execution
import Foundation
import Glibc
import JSON
import Synchronization
import Testing

/// The state folder on the system's own disk.
@Suite struct SystemFilesTests {
  private func failure(_ body: () throws -> Void) -> StateFailure? {
    do { try body() } catch { return error as? StateFailure }
    return nil
  }

  /// Blocks of 512 bytes that a file takes, and its length.
  private func size(_ path: String) -> (blocks: Int, length: Int) {
    var found = stat()
    return stat(path, &found) == 0 ? (Int(found.st_blocks), Int(found.st_size)) : (-1, -1)
  }

  @Test func `A run is made, written, read and opened again`() throws {
    try withTemporaryFolder { folder in
      let files = SystemFiles()
      let state = try StateFolder.open(folder + "/" + StateFolder.defaultName, in: files)
      let lock = try state.lock(holder: "process 1")
      let writer = try state.createRun("r1", plan: [1, 2], reserving: 1 << 16)
      for entry in SampleJournal.entries {
        try writer.append(entry: entry, time: SampleJournal.time, durably: true)
      }
      let journal = state.path + "/runs/r1/journal.jsonl"
      #expect(try files.read(journal) == SampleJournal.bytes())
      writer.close()
      let file = try files.open(journal, .existing)
      try files.append(Array("{\"n\":13".utf8), to: file)
      files.close(file)
      let (contents, again) = try state.openRun("r1", reserving: 1 << 16)
      #expect(contents.records.count == 12 && contents.tornBytes == 7)
      try again.append(entry: ["n": 13], time: SampleJournal.time, durably: true)
      #expect(try state.readRun("r1").records.count == 13)
      #expect(try state.plan(of: "r1") == [1, 2])
      #expect(try state.runs() == ["r1"])
      lock.release()
    }
  }

  @Test func `Everything is for this user alone`() throws {
    try withTemporaryFolder { folder in
      let files = SystemFiles()
      let state = try StateFolder.open(folder + "/state", in: files)
      _ = try state.lock(holder: "process 1")
      _ = try state.createRun("r1", plan: [1], reserving: 0)
      for name in ["", "/runs", "/runs/r1"] {
        #expect(try files.status(of: state.path + name)?.permissions == 0o700)
      }
      for name in ["/lock", "/runs/r1/plan.json", "/runs/r1/journal.jsonl"] {
        #expect(try files.status(of: state.path + name)?.permissions == 0o600)
      }
    }
  }

  @Test func `All that open a new folder at once get it`() throws {
    try withTemporaryFolder { folder in
      let failures = Mutex<[String]>([])
      for round in 0..<50 {
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
          let refusal = failure {
            _ = try StateFolder.open(folder + "/state\(round)", in: SystemFiles())
          }
          if let refusal { failures.withLock { $0.append("\(refusal)") } }
        }
      }
      #expect(failures.withLock { $0 }.isEmpty)
    }
  }

  @Test func `Flushes are counted`() throws {
    try withTemporaryFolder { folder in
      let files = SystemFiles()
      let state = try StateFolder.open(folder + "/state", in: files)
      let writer = try state.createRun("r1", plan: [], reserving: 0)
      let before = files.flushCount
      for number in 1...10 {
        try writer.append(entry: [:], time: "t", durably: number % 2 == 0)
      }
      #expect(files.flushCount - before == 5)
    }
  }

  @Test func `Reserving space does not change a file's length`() throws {
    try withTemporaryFolder { folder in
      let files = SystemFiles()
      let file = try files.open(folder + "/f", .new)
      try files.append([1, 2, 3], to: file)
      try files.reserve(1 << 20, after: file)
      let reserved = size(folder + "/f")
      #expect(reserved.length == 3)
      try files.append([4], to: file)
      #expect(try files.read(folder + "/f") == [1, 2, 3, 4])
      files.close(file)
    }
  }

  @Test func `More space than there is is refused, and no run is left`() throws {
    try withTemporaryFolder { folder in
      let state = try StateFolder.open(folder + "/state", in: SystemFiles())
      let refusal = failure { _ = try state.createRun("r1", plan: [], reserving: 1 << 60) }
      #expect(refusal != nil)
      #expect(try state.runs().isEmpty)
      #expect(try SystemFiles().names(in: state.path + "/runs").isEmpty)
    }
  }

  @Test func `A full device refuses a write`() throws {
    let files = SystemFiles()
    let file = try files.open("/dev/full", .existing)
    #expect(throws: FileFailure(.append, "/dev/full", code: ENOSPC)) {
      try files.append([1], to: file)
    }
    files.close(file)
  }

  @Test func `Only modes that let nobody else write are taken`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state"
      _ = try StateFolder.open(path, in: SystemFiles())
      for group in UInt32(0)...7 {
        for others in UInt32(0)...7 {
          let permissions = 0o700 | group << 3 | others
          chmod(path, permissions)
          let refusal = failure { _ = try StateFolder.open(path, in: SystemFiles()) }
          let isWritable = group & 2 != 0 || others & 2 != 0
          #expect(
            refusal == (isWritable ? .writableByOthers(path, permissions: permissions) : nil))
        }
      }
    }
  }

  @Test func `Links, files and pipes are refused without waiting for anybody`() throws {
    try withTemporaryFolder { folder in
      let files = SystemFiles()
      let state = try StateFolder.open(folder + "/state", in: files)
      symlink(state.path, folder + "/link")
      for path in [folder + "/link", folder + "/link/"] {
        #expect(
          failure { _ = try StateFolder.open(path, in: files) } == .symbolicLink(folder + "/link"))
      }
      mkfifo(folder + "/pipe", 0o600)
      #expect(
        failure { _ = try StateFolder.open(folder + "/pipe", in: files) }
          == .notAFolder(folder + "/pipe"))
      mkfifo(state.path + "/lock", 0o600)
      #expect(failure { _ = try state.lock(holder: "process 1") } != nil)
      _ = try state.createRun("r1", plan: [], reserving: 0)
      let journal = state.path + "/runs/r1/journal.jsonl"
      unlink(journal)
      mkfifo(journal, 0o600)
      #expect(failure { _ = try state.readRun("r1") } != nil)
      unlink(journal)
      symlink(state.path + "/runs/r1/plan.json", journal)
      #expect(failure { _ = try state.readRun("r1") } != nil)
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder to another user"))
  func `A folder of another user is refused`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state"
      _ = try StateFolder.open(path, in: SystemFiles())
      chown(path, 1, 1)
      #expect(failure { _ = try StateFolder.open(path, in: SystemFiles()) } == .notOurs(path))
    }
  }

  @Test func `The lock keeps out another process, and ends with its holder's`() throws {
    try withTemporaryFolder { folder in
      let state = try StateFolder.open(folder + "/state", in: SystemFiles())
      let first = try state.lock(holder: "process 1")
      #expect(
        failure { _ = try state.lock(holder: "process 2") }
          == .locked(state.path + "/lock", holder: "process 1"))
      first.release()

      let other = Process()
      other.executableURL = URL(filePath: "/usr/bin/env")
      let script = "echo process 3 > \"$0\"; exec 9< \"$0\"; flock 9 && echo held && exec cat"
      other.arguments = ["sh", "-c", script, state.path + "/lock"]
      let input = Pipe()
      let output = Pipe()
      other.standardInput = input
      other.standardOutput = output
      try other.run()
      #expect(output.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8))
      #expect(
        failure { _ = try state.lock(holder: "process 4") }
          == .locked(state.path + "/lock", holder: "process 3"))
      kill(other.processIdentifier, SIGKILL)
      other.waitUntilExit()
      try state.lock(holder: "process 5").release()
    }
  }
}
