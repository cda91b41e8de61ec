import Execution
import Glibc
import SimulatedDisk
import Testing

/// The simulated disk answers as the system does.
@Suite struct FileSystemContractTests {
  /// What operations answer, one line each, without the folder that they are in.
  private struct Transcript {
    let files: any FileSystem
    let base: String
    var lines: [String] = []

    mutating func note<T>(_ operation: () throws -> T) {
      do {
        let result = try operation()
        lines.append(T.self == Void.self ? "done" : "\(result)")
      } catch {
        lines.append("\(error)".replacing(base, with: ""))
      }
    }
  }

  private static let scenarios: [(String, @Sendable (inout Transcript) -> Void)] = [
    ("folders", folders), ("files", files), ("renames", renames), ("links", links),
    ("locks", locks), ("removals", removals),
  ]

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Sendable private static func folders(_ log: inout Transcript) {
    let (files, base) = (log.files, log.base)
    log.note { try files.status(of: base + "/a") as Any }
    log.note { try files.status(of: base + "/missing/b") as Any }
    log.note { try files.makeFolder(base + "/a") }
    log.note { try files.makeFolder(base + "/a") }
    log.note { try files.makeFolder(base + "/missing/b") }
    log.note { try files.status(of: base + "/a") as Any }
    log.note { try files.makeFolder(base + "/a/z") }
    log.note { try files.makeFolder(base + "/a/é") }
    log.note { try files.makeFolder(base + "/a/.b") }
    log.note { try files.names(in: base + "/a") }
    log.note { try files.names(in: base + "/missing") }
    log.note { try files.synchronizeFolder(base + "/a") }
    log.note { try files.synchronizeFolder(base + "/missing") }
    log.note { try files.read(base + "/a") }
    log.note { try files.open(base + "/a", .existing).path.isEmpty }
  }

  @Sendable private static func files(_ log: inout Transcript) {
    let (files, path) = (log.files, log.base + "/f")
    log.note { try files.read(path) }
    log.note { try files.open(path, .existing).path.isEmpty }
    log.note { try files.open(path + "/missing/f", .new).path.isEmpty }
    log.note {
      let file = try files.open(path, .new)
      try files.append(bytes("one,"), to: file)
      try files.append(bytes(""), to: file)
      try files.reserve(10_000, after: file)
      try files.append(bytes("two"), to: file)
      try files.synchronize(file)
      files.close(file)
    }
    log.note { try files.status(of: path) as Any }
    log.note { String(decoding: try files.read(path), as: UTF8.self) }
    log.note { try files.open(path, .new).path.isEmpty }
    log.note {
      let file = try files.open(path, .any)
      try files.append(bytes(",three"), to: file)
      try files.truncate(file, to: 5)
      try files.append(bytes("!"), to: file)
      files.close(file)
    }
    log.note { String(decoding: try files.read(path), as: UTF8.self) }
    log.note { try files.names(in: path) }
    log.note { try files.read(path + "/below") }
    log.note { try files.status(of: path + "/below") as Any }
  }

  @Sendable private static func renames(_ log: inout Transcript) {
    let (files, base) = (log.files, log.base)
    log.note { try files.makeFolder(base + "/new") }
    log.note { files.close(try files.open(base + "/new/f", .new)) }
    log.note { try files.rename(base + "/missing", to: base + "/run") }
    log.note { try files.rename(base + "/new", to: base + "/run") }
    log.note { try files.names(in: base) }
    log.note { try files.names(in: base + "/run") }
    log.note { try files.makeFolder(base + "/other") }
    log.note { try files.rename(base + "/other", to: base + "/run") }
    log.note {
      let file = try files.open(base + "/g", .new)
      try files.rename(base + "/g", to: base + "/h")
      try files.append(bytes("still the same file"), to: file)
      files.close(file)
    }
    log.note { files.close(try files.open(base + "/g", .new)) }
    log.note { String(decoding: try files.read(base + "/h"), as: UTF8.self) }
    log.note { try files.rename(base + "/g", to: base + "/h") }
    log.note { String(decoding: try files.read(base + "/h"), as: UTF8.self) }
  }

  @Sendable private static func links(_ log: inout Transcript) {
    let (files, path) = (log.files, log.base + "/link")
    if let disk = files as? SimulatedFiles {
      disk.place(path, as: .own(.symbolicLink, 0o777))
    } else {
      symlink("/dev/null", path)
    }
    log.note { try files.status(of: path) as Any }
    log.note { try files.read(path) }
    log.note { try files.open(path, .existing).path.isEmpty }
    log.note { try files.open(path, .any).path.isEmpty }
    log.note { try files.open(path, .new).path.isEmpty }
    log.note { try files.makeFolder(path) }
    log.note { try files.removeFile(path) }
    log.note { try files.status(of: path) as Any }
  }

  @Sendable private static func locks(_ log: inout Transcript) {
    let (files, path) = (log.files, log.base + "/lock")
    log.note {
      let first = try files.open(path, .any)
      let second = try files.open(path, .any)
      var answers = [try files.lock(first), try files.lock(second), try files.lock(first)]
      files.close(first)
      answers.append(try files.lock(second))
      files.close(second)
      return answers
    }
  }

  @Sendable private static func removals(_ log: inout Transcript) {
    let (files, base) = (log.files, log.base)
    log.note { try files.removeFile(base + "/a") }
    log.note { try files.removeFolder(base + "/a") }
    log.note { try files.makeFolder(base + "/a") }
    log.note { files.close(try files.open(base + "/a/f", .new)) }
    log.note { try files.removeFolder(base + "/a") }
    log.note { try files.removeFile(base + "/a/f") }
    log.note { try files.removeFolder(base + "/a") }
    log.note { try files.names(in: base) }
  }

  @Test(arguments: scenarios.indices)
  func `Both file systems answer alike`(scenario: Int) throws {
    let (name, body) = FileSystemContractTests.scenarios[scenario]
    let disk = SimulatedFiles()
    disk.place("/w", as: .own(.folder, 0o755))
    var simulated = Transcript(files: disk, base: "/w")
    body(&simulated)
    try withTemporaryFolder { folder in
      var real = Transcript(files: SystemFiles(), base: folder)
      body(&real)
      #expect(real.lines == simulated.lines, "\(name)")
    }
  }
}
