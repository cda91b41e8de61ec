import Foundation
import Synchronization
import Testing

@testable import Commands

/// Where the runs of manifests are kept.
@Suite struct StatePlaceTests {
  @Test(arguments: [
    ("-", "s"), ("a", "s"), ("a/", "s"), ("a//", "s"), ("./a", "./s"), ("", "s"),
    (".", "./s"), ("..", "../s"), ("/", "/s"), ("//", "//s"), ("/nothing", "/s"),
    ("x/a.yaml", "x/s"), ("x//a.yaml/", "x/s"), ("é", "s"), ("x/é", "x/s"),
  ])
  func `A state folder lies beside the manifests, whatever their path is`(
    manifests: String, place: String
  ) {
    #expect(RunStore.path("s", beside: manifests) == place)
    #expect(RunStore.path("/s", beside: manifests) == "/s")
  }

  @Test(arguments: ["-", "a", "/nothing", "./a", "a/"])
  func `A path of one character, or standard input, is planned or refused`(
    path: String
  ) async throws {
    let bench = try CommandBench()
    let text =
      CommandBench.cluster + "---\nkind: Collection\nname: a\n"
      + "vectors: {size: 2, distance: Dot}\n"
    bench.input.withLock { $0 = Array(text.utf8) }
    let state = bench.path("state")
    for result in [
      await bench.plan(path), await bench.plan("graph", path),
      await bench.apply(path, "--yes", "--state", state),
    ] {
      #expect(result.status == (path == "-" ? .success : .invalidManifests), "\(result.error)")
    }
    let unlock = await bench.apply("unlock", "1", path, "--state", state)
    #expect(unlock.status == (path == "-" ? .success : .invalidManifests), "\(unlock.error)")
  }

  /// Manifests in a folder that is not the usual one, with a run that was interrupted.
  private func interrupted(state: String? = nil) async throws -> CommandBench {
    let bench = try CommandBench()
    let workspace = state.map { "kind: Workspace\nname: acme\nstate: \($0)\n" }
    try bench.write(
      MainPathTests.products,
      cluster: workspace.map {
        $0 + CommandBench.cluster.replacing("kind: Workspace\nname: acme\n", with: "")
      } ?? CommandBench.cluster)
    bench.stopsAfter.withLock { $0 = 16 }
    #expect(await bench.apply(bench.folder, "--yes").status == .interrupted)
    bench.stopsAfter.withLock { $0 = nil }
    return bench
  }

  /// The words of the first printed command that begins so, as a shell reads plain ones.
  private func printed(_ command: String, in text: String) throws -> [String] {
    let at = try #require(text.range(of: "qdrant-apply \(command)"), "\(text)")
    let line = text[at.lowerBound...].prefix { !"\n)".contains($0) }
    return line.split(separator: " ").dropFirst().map(String.init)
  }

  @Test(arguments: [
    ("resume", String?.none), ("rollback", nil), ("resume", "runs"), ("rollback", "runs"),
  ])
  func `A printed command works as it stands`(command: String, state: String?) async throws {
    let bench = try await interrupted(state: state)
    let again = await bench.apply(bench.folder, "--yes")
    #expect(again.status == .lockHeld)
    let words = try printed(command, in: again.error)
    #expect(words.suffix(2) == ["--state", bench.path(state ?? ".qdrant-reconciler")])
    let approval = command == "rollback" ? ["--yes"] : []
    let end = await bench.run(ApplyCommand.run, words + approval)
    #expect(end.status == .success, "\(end.output)\(end.error)")
    #expect((bench.live("products") == nil) == (command == "rollback"))
  }

  @Test(arguments: [nil, "runs"])
  func `The manifests tell where their runs are`(state: String?) async throws {
    for words in [
      ["resume"], ["resume", "run-1"], ["rollback", "--yes"], ["rollback", "run-1", "--yes"],
    ] {
      let bench = try await interrupted(state: state)
      let history = await bench.apply("history", bench.folder)
      #expect(history.output.hasPrefix("run-1 "), "\(history.output)\(history.error)")
      let end = await bench.run(ApplyCommand.run, words + [bench.folder])
      #expect(end.status == .success, "\(words): \(end.output)\(end.error)")
      #expect((bench.live("products") == nil) == (words[0] == "rollback"))
    }
  }

  @Test func `A plan file tells where its run is`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let file = bench.path("plan.json")
    _ = await bench.plan(bench.folder, "--out", file)
    bench.stopsAfter.withLock { $0 = 16 }
    let apply = await bench.apply(file)
    #expect(apply.status == .interrupted)
    #expect(try printed("resume", in: apply.error).suffix(2).first == "--state")
    bench.stopsAfter.withLock { $0 = nil }
    let end = await bench.apply("resume", "run-1", file)
    #expect(end.status == .success, "\(end.output)\(end.error)")
  }

  @Test func `Where no state folder is, the place is told, and nothing is made`() async throws {
    let bench = try CommandBench()
    try bench.write(MainPathTests.products)
    let place = bench.path(".qdrant-reconciler")
    for words in [["resume"], ["rollback", "--yes"], ["resume", "20261126-072130-1a2b3c"]] {
      for named in [[bench.folder], ["--state", place]] {
        let end = await bench.run(ApplyCommand.run, words + named)
        #expect(end.status == .usage, "\(end.output)")
        #expect(end.error.contains("there is no state folder at \(place)"), "\(end.error)")
        #expect(end.error.contains("--state DIR"))
      }
    }
    // A folder of something else is no state folder, either.
    let other = await bench.apply("resume", "--state", bench.folder)
    #expect(other.status == .usage, "\(other.output)\(other.error)")
    #expect(!FileManager.default.fileExists(atPath: place))
    #expect(!FileManager.default.fileExists(atPath: bench.path("runs")))
    let history = await bench.apply("history", bench.folder)
    #expect(history.output == "No runs: there is no state folder at \(place).\n")
  }

  @Test func `A run that is not there is told with where it was looked for`() async throws {
    let bench = try await interrupted()
    let id = "20261126-072130-1a2b3c"
    for (word, rest) in [(id, ""), ("manifets", ", and no file or folder of that name")] {
      for command in [["resume"], ["rollback", "--yes"]] {
        let end = await bench.run(ApplyCommand.run, command + [word, bench.folder])
        #expect(end.status == .usage)
        let place = bench.path(".qdrant-reconciler")
        #expect(
          end.error.hasSuffix("there is no run '\(word)' in \(place)\(rest)\n"), "\(end.error)")
      }
    }
  }

  @Test func `Manifests that are not in order say that the folder can be named`() async throws {
    let bench = try await interrupted()
    try bench.write("kind: Collection\nnam: a\n")
    let end = await bench.apply("resume", bench.folder)
    #expect(end.status == .invalidManifests)
    #expect(end.error.contains("name the folder with --state DIR"), "\(end.error)")
    let named = await bench.apply("resume", "--state", bench.path(".qdrant-reconciler"))
    #expect(named.status == .success, "\(named.error)")
  }

  @Test func `A word is a run by its form, or when no file is called so`() throws {
    let id = "20261126-072130-1a2b3c"
    #expect(StatePlace.divide([id, "m"]) == (run: id, paths: ["m"]))
    #expect(StatePlace.divide([id + "-z0001"]).run == id + "-z0001")
    #expect(StatePlace.divide(["run-1", "m"]) == (run: "run-1", paths: ["m"]))
    for path in ["./run-1", "m.yaml", "/", ".", "..", "-", "a/b", "tmp/x"] {
      #expect(StatePlace.divide([path, "m"]) == (run: nil, paths: [path, "m"]))
    }
    // The tests run in the folder of the package.
    #expect(StatePlace.divide(["manifests"]) == (run: nil, paths: ["manifests"]))
    #expect(StatePlace.divide([]) == (run: nil, paths: []))
  }

  @Test(arguments: [
    ("a/b-c_d.e", "a/b-c_d.e"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$x", "'$x'"),
    ("", "''"),
  ])
  func `A word is quoted where a shell would change it`(word: String, quoted: String) {
    #expect(ShellWord.quoted(word) == quoted)
  }
}
