import Commands
import Foundation
import InProcessTransport
import Testing

/// Graphs of plans, for drawing programs.
@Suite struct GraphTests {
  private static let small = """
    kind: Collection
    name: a
    vectors: {size: 2, distance: Dot}
    payload_indexes: {'"x]; <b>&amp;#34;"': keyword}

    """

  @Test func `A graph has every step, and an arrow from each need`() async throws {
    let bench = try CommandBench()
    try bench.write(GraphTests.small)
    let dot = await bench.plan("graph", bench.folder)
    #expect(dot.status == .success, "\(dot.error)")
    #expect(dot.output.contains("label=\"here\";"))
    #expect(dot.output.contains("s1 [label=\"s1 create collection/a\"];"), "\(dot.output)")
    #expect(dot.output.contains("  s1 -> s2;"), "\(dot.output)")
    let mermaid = await bench.plan("graph", bench.folder, "--format", "mermaid")
    #expect(mermaid.output.hasPrefix("flowchart LR\n"))
    #expect(mermaid.output.contains("  s1 --> s2"), "\(mermaid.output)")
    #expect(bench.transport.mutations.isEmpty)
  }

  @Test func `No name breaks out of its label`() async throws {
    let bench = try CommandBench()
    try bench.write(GraphTests.small)
    let dot = await bench.plan("graph", bench.folder)
    #expect(dot.output.contains("x]; &lt;b&gt;&amp;amp;#34;"), "\(dot.output)")
    for line in dot.output.split(separator: "\n") where line.contains("label=") {
      let inside = line.replacing("\\\\", with: "").replacing("\\\"", with: "")
      #expect(inside.count { $0 == "\"" } == 2, "\(line)")
    }
    let mermaid = await bench.plan("graph", bench.folder, "--format", "mermaid")
    #expect(
      mermaid.output.contains("x#93;#59; #60;b#62;#38;amp#59;#35;34#59;"), "\(mermaid.output)")
    for line in mermaid.output.split(separator: "\n") where line.contains("[") {
      #expect(line.count { $0 == "\"" } == 2 && !line.contains("<"), "\(line)")
    }
  }

  @Test func `A stored plan has the graph of the plan that was made`() async throws {
    let bench = try CommandBench()
    try bench.write(GraphTests.small)
    let made = await bench.plan("graph", bench.folder)
    _ = await bench.plan(bench.folder, "--out", bench.path("plan.json"))
    let stored = await bench.plan("graph", bench.path("plan.json"))
    #expect(stored.status == .success)
    #expect(stored.output == made.output)
  }
}
