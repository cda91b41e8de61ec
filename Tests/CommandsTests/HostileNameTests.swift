import Commands
import Foundation
import InProcessTransport
import JSON
import SimulatedQdrant
import Testing

/// Names and texts that others wrote never drive a terminal, a log or a pull request.
@Suite struct HostileNameTests {
  /// Escape sequences, a C1 control, a bidi override, an invisible mark, line breaks, markup.
  private static let nasty =
    "x\u{1B}[2Jy\u{9B}31m\u{202E}\u{200B}\n- [ ] a\r``` @everyone [b](c) `d` **e** & #1 \u{7F}"

  /// The same without what servers refuse in names.
  private static let name = nasty.replacing("*", with: "")

  /// A name in a target.
  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  private func expectHarmless(_ text: String, _ what: String) {
    for scalar in text.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      let isBad = [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
      #expect(!isBad, "\(what): U+\(String(scalar.value, radix: 16)) in \(text.debugDescription)")
    }
    for line in text.split(separator: "\n") {
      #expect(!line.hasPrefix("- [ ] a"), "\(what): \(text)")
    }
  }

  /// What a reader of Markdown sees as text, without code spans (a run of backticks to the next run
  /// of the same length) and without escaped characters.
  private func prose(_ markdown: String) -> String {
    var result = ""
    for line in markdown.split(separator: "\n") {
      var rest = line[...]
      while let first = rest.first {
        if first == "\\" {
          rest = rest.dropFirst(2)
        } else if first == "`" {
          let fence = rest.prefix { $0 == "`" }
          rest = rest.dropFirst(fence.count)
          rest = afterClosing(fence.count, in: rest) ?? rest
        } else {
          result.append(first)
          rest = rest.dropFirst()
        }
      }
      result.append("\n")
    }
    return result
  }

  private func afterClosing(_ length: Int, in text: Substring) -> Substring? {
    var rest = text
    while let start = rest.firstIndex(of: "`") {
      let run = rest[start...].prefix { $0 == "`" }
      if run.count == length { return rest[run.endIndex...] }
      rest = rest[run.endIndex...]
    }
    return nil
  }

  private func expectNoMarkup(_ markdown: String, _ what: String) {
    let text = prose(markdown)
    for sign in ["@everyone", "[b](c)", "**e**"] {
      #expect(!text.contains(sign), "\(what): \(markdown)")
    }
  }

  private func check(_ bench: CommandBench, _ arguments: String...) async throws {
    let report = bench.path("report-\(arguments.count).md")
    let context = [bench.folder] + arguments
    let results = [
      await bench.run(PlanCommand.run, context + ["--show-rollback"]),
      await bench.run(PlanCommand.run, context + ["--report", "markdown=" + report]),
      await bench.run(DriftCommand.run, [bench.folder]),
      await bench.run(ApplyCommand.run, context + ["--yes"]),
    ]
    for (index, result) in results.enumerated() {
      expectHarmless(result.output, "output \(index)")
      expectHarmless(result.error, "error \(index)")
    }
    let markdown = try String(contentsOfFile: report, encoding: .utf8)
    expectHarmless(markdown, "markdown")
    expectNoMarkup(markdown, "markdown")
  }

  private static let products =
    "kind: Collection\nname: products\nvectors: {size: 2, distance: Dot}\n"

  @Test func `A collection of somebody else with a hostile name`() async throws {
    let bench = try CommandBench()
    bench.byHand(
      "PUT", "/collections/\(HostileNameTests.encoded(HostileNameTests.name))",
      [
        "vectors": ["size": 2, "distance": "Dot"],
        "metadata": [
          "qdrant_reconciler": [
            "workspace": "acme", "address": .string("collection/\(HostileNameTests.name)"),
            "run": "r", "applied": "",
          ]
        ],
      ])
    #expect(bench.live(HostileNameTests.encoded(HostileNameTests.name)) != nil)
    try bench.write(HostileNameTests.products)
    let drift = await bench.drift(bench.folder)
    #expect(drift.output.contains("\\u{1B}[2J"), "\(drift.output)")
    let plan = await bench.plan(bench.folder, "--prune")
    #expect(plan.output.contains("\\u{1B}[2J"), "\(plan.output)")
    try await check(bench, "--prune")
  }

  @Test func `A mark, an alias and values on the server that are hostile`() async throws {
    let bench = try CommandBench()
    let nasty = HostileNameTests.nasty
    bench.byHand(
      "PUT", "/collections/\(HostileNameTests.encoded(HostileNameTests.name))",
      ["vectors": ["size": 2, "distance": "Dot"]])
    bench.byHand(
      "POST", "/collections/aliases",
      [
        "actions": [
          [
            "create_alias": [
              "collection_name": .string(HostileNameTests.name), "alias_name": "products",
            ]
          ]
        ]
      ])
    try bench.write(HostileNameTests.products)
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("live alias of collection 'x\\u{1B}[2J"), "\(plan.output)")
    try await check(bench)
    let other = try CommandBench()
    other.byHand(
      "PUT", "/collections/products",
      [
        "vectors": ["size": 2, "distance": "Dot"],
        "metadata": [
          "qdrant_reconciler": [
            "workspace": .string(nasty), "address": "collection/products", "run": "r",
            "applied": "",
          ]
        ],
      ])
    try other.write(HostileNameTests.products)
    try await check(other)
  }

  @Test func `Values and metadata keys of a manifest, and names of files`() async throws {
    let bench = try CommandBench()
    let value =
      HostileNameTests.nasty.unicodeScalars.map { scalar in
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    bench.byHand(
      "PUT", "/collections/products",
      [
        "vectors": ["size": 2, "distance": "Dot"], "metadata": ["team": "\u{1B}[5mold\u{202E}"],
      ])
    try bench.write(
      HostileNameTests.products
        + "replication_factor: 3\n"
        + "metadata: {team: \"\(value)\", \"`` @everyone **e** [b](c)\": 1}\n",
      to: "a\u{1B}[31m\u{202E}.yaml")
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("metadata.team"), "\(plan.output)\(plan.error)")
    #expect(plan.output.contains("warning[W101]"), "\(plan.output)")
    try await check(bench)
  }

  @Test(arguments: [403, 404, 500])
  func `The words of a server that refuses`(status: Int) async throws {
    let (bench, endpoint) = try CommandBench.rewriting()
    try bench.write(HostileNameTests.products)
    #expect(await bench.plan(bench.folder, "--out", bench.path("plan.json")).status == .success)
    try FileManager.default.moveItem(
      atPath: bench.path("plan.json"), toPath: bench.folder + ".json")
    defer { try? FileManager.default.removeItem(atPath: bench.folder + ".json") }
    let body: JSONValue = ["status": ["error": .string(HostileNameTests.nasty)]]
    endpoint.alter { request, response in
      if request.method == "PUT", !request.target.contains("/_qr_lock.") {
        response.say(status, body.text())
      }
    }
    let refused = await bench.apply(bench.folder + ".json")
    // What is in effect all the same was done, whatever the answer said.
    #expect(refused.status == .success, "\(refused.output)")
    expectHarmless(refused.output + refused.error, "a step")
    endpoint.alter { _, response in response.say(status, body.text()) }
    let apply = await bench.apply(bench.folder + ".json")
    #expect(apply.error.contains("\\u{1B}[2J"), "\(apply.error)")
    expectHarmless(apply.output + apply.error, "identity")
    try await check(bench)
  }
}
