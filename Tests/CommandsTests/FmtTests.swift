import Commands
import Foundation
import InProcessTransport
import Synchronization
import Testing

/// `qdrant-plan fmt`: which files it writes, and which never.
@Suite struct FmtTests {
  private static let untidy = """
    name:   one   # its name
    kind: 'Collection'
    vectors: { distance: Dot,
      size: 4 }
    """

  private static let tidy = """
    kind: Collection
    name: one # its name
    vectors: {size: 4, distance: Dot}

    """

  private func text(_ bench: CommandBench, _ name: String) throws -> String {
    try String(contentsOfFile: bench.path(name), encoding: .utf8)
  }

  @Test func `Files that are not canonical are written, and named`() async throws {
    let bench = try CommandBench()
    try bench.write(FmtTests.untidy, to: "a.yaml")
    try bench.write(FmtTests.tidy, to: "b.yaml")
    let before = try FileManager.default.attributesOfItem(atPath: bench.path("b.yaml"))
    chmod(bench.path("a.yaml"), 0o640)
    let result = await bench.plan("fmt", bench.folder)
    #expect(result.status == .success, "\(result.error)")
    #expect(result.output == bench.path("a.yaml") + "\n")
    #expect(result.error.isEmpty)
    #expect(try text(bench, "a.yaml") == FmtTests.tidy)
    let (changed, same) = try (
      FileManager.default.attributesOfItem(atPath: bench.path("a.yaml")),
      FileManager.default.attributesOfItem(atPath: bench.path("b.yaml"))
    )
    #expect(changed[.posixPermissions] as? Int == 0o640)
    #expect(same[.systemFileNumber] as? Int == before[.systemFileNumber] as? Int)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.folder).sorted()
        == ["a.yaml", "b.yaml", "cluster.yaml"])
    try bench.write(FmtTests.untidy, to: "a.yaml")
    let twice = await bench.plan("fmt", bench.folder, bench.folder + "/", bench.path("./a.yaml"))
    #expect(twice.status == .success && twice.output == bench.path("a.yaml") + "\n")
    let again = await bench.plan("fmt", bench.folder)
    #expect(again.status == .success && again.output.isEmpty, "\(again.output)")
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `--check writes nothing and shows the first line of each`() async throws {
    let bench = try CommandBench()
    try bench.write(FmtTests.untidy, to: "a.yaml")
    try bench.write(FmtTests.tidy, to: "b.yaml")
    let result = await bench.plan("fmt", bench.folder, "--check")
    #expect(result.status == .changesPending)
    #expect(
      result.output == """
        \(bench.path("a.yaml")):1: is not in canonical form
          - name:   one   # its name
          + kind: Collection

        """)
    #expect(try text(bench, "a.yaml") == FmtTests.untidy)
    let quiet = await bench.plan("fmt", bench.folder, "--check", "--quiet")
    #expect(quiet.status == .changesPending && quiet.output.isEmpty)
    let tidy = await bench.plan("fmt", bench.path("b.yaml"), "--check")
    #expect(tidy.status == .success && tidy.output.isEmpty)
  }

  @Test func `What is wrong stays as it is, and the rest is written`() async throws {
    let bench = try CommandBench()
    let wrong = "kind: Cluster\nname:  c\nurl: http://me:sesame@h:6333\napi_key: sesame\nurk: 1\n"
    try bench.write(wrong, to: "b.yaml")
    try bench.write(FmtTests.untidy, to: "c.yaml")
    try "kind: [".write(toFile: bench.path("a.yaml"), atomically: true, encoding: .utf8)
    let result = await bench.plan("fmt", bench.folder)
    #expect(result.status == .invalidManifests)
    #expect(result.output == bench.path("c.yaml") + "\n", "\(result.output)")
    #expect(result.error.contains(bench.path("b.yaml") + ":5:1: error[M101]"), "\(result.error)")
    #expect(result.error.contains(bench.path("a.yaml") + ":1:"), "\(result.error)")
    #expect(result.error.contains("\(bench.path("b.yaml")) is left as it is"))
    #expect(!(result.error + result.output).contains("sesame"), "\(result.error)")
    #expect(try text(bench, "b.yaml") == wrong)
    #expect(try text(bench, "a.yaml") == "kind: [")
    #expect(try text(bench, "c.yaml") == FmtTests.tidy)
  }

  @Test func `No password is shown by --check`() async throws {
    let bench = try CommandBench()
    try bench.write("kind: Cluster\nname: c\nurl:  http://me:sesame@h:6333\n", to: "a.yaml")
    let result = await bench.plan("fmt", bench.path("a.yaml"), "--check")
    #expect(result.output == "\(bench.path("a.yaml")):3: is not in canonical form\n")
    #expect(result.status == .changesPending)
  }

  @Test func `Standard input is written to standard output`() async throws {
    let bench = try CommandBench()
    bench.input.withLock { $0 = Array(("\u{FEFF}" + FmtTests.untidy).utf8) }
    let result = await bench.plan("fmt", "-")
    #expect(result.status == .success, "\(result.error)")
    #expect(result.output == FmtTests.tidy)
    let check = await bench.plan("fmt", "-", "--check")
    #expect(check.status == .changesPending)
    #expect(check.output.hasPrefix("<stdin>:1: is not in canonical form\n"), "\(check.output)")
    bench.input.withLock { $0 = Array("kind: Thing\n".utf8) }
    let wrong = await bench.plan("fmt", "-")
    #expect(wrong.status == .invalidManifests && wrong.output.isEmpty)
    #expect(wrong.error.contains("<stdin>:1:7: error["), "\(wrong.error)")
  }

  @Test func `A link is not replaced, and a folder without manifests is an error`() async throws {
    let bench = try CommandBench()
    try bench.write(FmtTests.untidy, to: "real.txt")
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("a.yaml"), withDestinationPath: bench.path("real.txt"))
    let result = await bench.plan("fmt", bench.folder)
    #expect(result.status == .failed)
    #expect(result.error.contains("a.yaml is left as it is"), "\(result.error)")
    #expect(try text(bench, "real.txt") == FmtTests.untidy)
    try FileManager.default.createDirectory(
      atPath: bench.path("empty"), withIntermediateDirectories: true)
    #expect(await bench.plan("fmt", bench.path("empty")).status == .invalidManifests)
    #expect(await bench.plan("fmt", bench.path("none.yaml")).status == .invalidManifests)
  }

  @Test(arguments: ["manifests", "examples"])
  func `The repository's own manifests are in canonical form`(folder: String) async throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let bench = try CommandBench()
    let result = await bench.plan("fmt", "--check", "\(root)/\(folder)")
    #expect(result.status == .success, "\(result.output)\(result.error)")
  }
}
