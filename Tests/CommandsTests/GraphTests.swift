import Commands
import JSON
import Testing

/// `qdrant-plan graph`: every step once, every need as an edge, and no name breaks out.
@Suite struct GraphTests {
  private static let manifest = """
    kind: Collection
    name: products
    vectors: {size: 2, distance: Dot}
    payload_indexes:
      price: float
      '"x\\]; end<b>"': keyword
    aliases: ['];&`x`#1;', 'sub]graph']

    """

  /// The text outside of quotes, where `\\` hides the next character; nil when a quote stays open.
  private func outside(_ line: Substring, escapes: Bool) -> String? {
    var result = ""
    var isInside = false
    var isHidden = false
    for scalar in line.unicodeScalars {
      if isHidden {
        isHidden = false
      } else if isInside, escapes, scalar == "\\" {
        isHidden = true
      } else if scalar == "\"" {
        isInside.toggle()
        result += "\""
      } else if !isInside {
        result.unicodeScalars.append(scalar)
      }
    }
    return isInside ? nil : result
  }

  @Test(arguments: ["dot", "mermaid"])
  func `A plan is drawn as steps and needs, whatever the names`(format: String) async throws {
    let bench = try CommandBench()
    try bench.write(GraphTests.manifest)
    let plan = bench.path("plan.json")
    let made = await bench.plan(bench.folder, "--out", plan)
    try #require(made.status == .success, "\(made.output)\(made.error)")
    let stored = await bench.plan("graph", plan, "--format", format)
    #expect(stored.status == .success)
    let now = await bench.plan("graph", bench.folder, "--format", format)
    #expect(now.output == stored.output)
    let isDot = format == "dot"
    var nodes: Set<String> = []
    var edges = 0
    for line in stored.output.split(separator: "\n") {
      let bare = try #require(outside(line, escapes: isDot), "\(line)")
      if let node = bare.wholeMatch(of: /\s+(s\d+) ?\[(label=)?""(, style=dashed)?\];?/) {
        #expect(nodes.insert(String(node.1)).inserted)
      } else if let edge = bare.wholeMatch(of: /\s+(s\d+) --?> (s\d+);?/) {
        #expect(nodes.contains(String(edge.1)) && nodes.contains(String(edge.2)))
        edges += 1
      } else {
        let known = [
          /digraph plan \{/, /\s+rankdir=LR;/, /\s+node \[shape=box\];/,
          /\s+subgraph cluster_\d+ \{/, /\s+label="";/, /\s*\}/, /flowchart LR/,
          /\s+subgraph c\d+\[""\]/, /\s+end/,
        ]
        #expect(known.contains { bare.wholeMatch(of: $0) != nil }, "\(line)")
      }
      // Mermaid reads labels as Markdown and HTML.
      if !isDot, bare.contains("\"") { #expect(!line.contains { "<>&`".contains($0) }) }
    }
    #expect(nodes.count >= 5, "\(stored.output)")
    #expect(edges >= 4, "\(stored.output)")
  }
}
