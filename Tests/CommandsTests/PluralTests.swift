import Commands
import JSON
import Testing

/// One of something and several of it have different words.
@Suite struct PluralTests {
  private static let one = "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n"

  @Test func `A run of one step is one of one step`() async throws {
    let bench = try CommandBench()
    try bench.write(PluralTests.one)
    let rehearsed = await bench.plan(bench.folder, "--rehearse")
    #expect(rehearsed.output.contains("1 of 1 step arrives, and 1 goes back."), "\(rehearsed)")
    let applied = await bench.apply(bench.folder, "--yes")
    #expect((applied.output + applied.error).contains("1 of 1 step done"), "\(applied)")
    let history = await bench.run(
      ApplyCommand.run, ["history", "--state", bench.path(".qdrant-reconciler")])
    #expect(history.output.contains("1 of 1 step  plan"), "\(history)")
  }

  @Test func `One value differs and two differ`() async throws {
    for (fields, words) in [("m: 9", "1 differs"), ("m: 9, ef_construct: 77", "2 differ;")] {
      let bench = try CommandBench()
      bench.byHand("PUT", "/collections/a", ["vectors": ["size": 2, "distance": "Dot"]])
      try bench.write(PluralTests.one + "hnsw_config: {\(fields)}\n")
      let drift = await bench.drift(bench.folder)
      #expect(drift.output.contains("Drift report: " + words), "\(drift)")
    }
  }
}
