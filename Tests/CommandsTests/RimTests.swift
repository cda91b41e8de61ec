import ClusterProviders
import Execution
import Foundation
import InProcessTransport
import JSON
import OptionParsing
import Rendering
import ResourceModel
import SimulatedQdrant
import Synchronization
import Testing

@testable import Commands

/// What a person meets at the rim of the commands: words mistyped, files in the way, output lost.
@Suite struct RimTests {
  private static let small = "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n"

  private func planned() async throws -> (CommandBench, String) {
    let bench = try CommandBench()
    try bench.write(RimTests.small)
    let file = bench.path("plan.json")
    #expect(await bench.plan(bench.folder, "--out", file).status == .success)
    bench.transport.forgetExchanges()
    return (bench, file)
  }

  @Test func `A mistyped command is no path`() async throws {
    let bench = try CommandBench()
    for (word, meant) in [("valdate", "validate"), ("grpah", "graph")] {
      let plan = await bench.plan(word, bench.folder)
      #expect(plan.status == .usage)
      #expect(
        plan.error == "qdrant-plan: there is no file or folder '\(word)'; did you mean the "
          + "command '\(meant)'?\n")
    }
    let apply = await bench.apply("resumee")
    #expect(apply.status == .usage)
    #expect(apply.error.contains("did you mean the command 'resume'?"), "\(apply.error)")
    let far = await bench.plan("nothing-like-it")
    #expect(far.status == .invalidManifests)
  }

  @Test func `Output that is lost is no success, and a reader that left is none of our business`()
    throws
  {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    #expect(ProcessContext.write("text", to: full) == "No space left on device")
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    signal(SIGPIPE, SIG_IGN)
    #expect(ProcessContext.write("text", to: ends[1]) == nil)
  }

  @Test func `Whatever came of the work, lost words make it a failure`() async throws {
    let bench = try CommandBench()
    try bench.write(RimTests.small)
    bench.lost.withLock { $0 = "No space left on device" }
    for words in [[bench.folder], [bench.folder, "--detailed-exitcode"], ["--help"]] {
      let plan = await bench.run(PlanCommand.run, words)
      #expect(plan.status == .failed, "\(words)")
      #expect(
        plan.error.contains("standard output cannot be written: No space left"), "\(plan.error)")
    }
  }

  @Test func `A file in the way is told before any server is asked`() async throws {
    let (bench, file) = try await planned()
    let lines = [
      await bench.plan(bench.folder, "--out", file),
      await bench.plan(bench.folder, "--report", "json=" + file),
      await bench.apply(bench.folder, "--yes", "--report", "json=" + file),
      await bench.apply("rollback", bench.folder, "--yes", "--out", file),
    ]
    for result in lines {
      #expect(result.status == .failed)
      #expect(result.output.isEmpty)
      #expect(result.error.contains("\(file) exists already"), "\(result.error)")
    }
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `A report to standard output makes no file of that name`() async throws {
    let (bench, _) = try await planned()
    for words in [["--report", "json=-"], ["--out", "-"]] {
      let plan = await bench.run(PlanCommand.run, [bench.folder] + words)
      #expect(plan.status == .failed)
      #expect(plan.error.contains("'-' is no file to write to"), "\(plan.error)")
    }
    #expect(!FileManager.default.fileExists(atPath: "-"))
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `A plan file that is cut off is told as one by every command`() async throws {
    let (bench, file) = try await planned()
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    for count in [1, 5, 40, bytes.count / 2, bytes.count - 3] {
      try Data(bytes[..<count]).write(to: URL(fileURLWithPath: file))
      for result in [
        await bench.apply(file), await bench.plan("graph", file), await bench.plan("show", file),
      ] {
        #expect(result.status == .refused, "\(count): \(result.output)")
        #expect(result.error.contains("the plan is damaged or cut short"), "\(result.error)")
      }
      for plan in [
        await bench.plan(file), await bench.plan("validate", file), await bench.drift(file),
      ] {
        #expect(plan.status == .usage)
        #expect(plan.error.contains("is a plan file and no manifest"), "\(plan.error)")
      }
    }
  }

  @Test func `A plan file that is not there is usage for every command`() async throws {
    let (bench, _) = try await planned()
    let none = bench.path("none.json")
    for result in [
      await bench.apply(none), await bench.plan("show", none), await bench.plan("graph", none),
    ] {
      #expect(result.status == .usage)
      #expect(result.error.contains("is not a file that can be read"), "\(result.error)")
    }
  }

  @Test func `A dumb terminal gets no colours`() throws {
    guard case .run(let command) = try CommandTables.plan.parse(["manifests"]) else {
      Issue.record("the line is not understood")
      return
    }
    for (environment, isOn) in [
      (["TERM": "dumb"], false), (["TERM": "xterm"], true), ([:], true),
      (["TERM": "xterm", "NO_COLOR": "1"], false),
    ] {
      let console = CommandContext.Console(
        output: { _ in }, error: { _ in }, outputIsTerminal: true)
      let context = CommandContext(
        arguments: [], environment: environment, console: console, readInput: { [] },
        timestamp: { "" }, newRun: { "" }, isInterrupted: { false },
        connect: { _, _ in .failure(ConnectionProblem(key: "url", "none")) })
      #expect(Tool.palette(command, context).isOn == isOn, "\(environment)")
    }
  }

  @Test func `A comment says how many changes it folds, and more only beside others`()
    async throws
  {
    let bench = try CommandBench()
    try bench.write("kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n")
    let harmless = await bench.plan(bench.folder, "--format", "markdown")
    #expect(harmless.output.contains("<summary>1 change</summary>"), "\(harmless.output)")
    bench.byHand("PUT", "/collections/b", ["vectors": ["size": 2, "distance": "Dot"]])
    try bench.write(
      "kind: Collection\nname: b\nvectors: {size: 3, distance: Dot}\n", to: "other.yaml")
    let grave = await bench.plan(bench.folder, "--format", "markdown")
    #expect(grave.output.contains("<summary>1 more</summary>"), "\(grave.output)")
  }
}
