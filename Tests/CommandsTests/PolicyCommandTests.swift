import Commands
import Foundation
import InProcessTransport
import JSON
import Testing

/// Policies as a user meets them: in `validate`, in a plan, in `explain`.
@Suite struct PolicyCommandTests {
  private static let policy = """
    kind: Policy
    name: production
    rules:
      replication-factor-at-least: {min: 2}
      alias-required: warning
      peers-at-least: {min: 1}
    waivers:
      - {rule: replication-factor-at-least, address: collection/b, until: 2026-11-25, owner: team}

    """

  private static let collections = """
    kind: Collection
    name: a
    vectors: {size: 2, distance: Dot}
    ---
    kind: Collection
    name: b
    vectors: {size: 2, distance: Dot}
    aliases: [c]

    """

  private func bench(_ policy: String = PolicyCommandTests.policy) throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(PolicyCommandTests.collections)
    try bench.write(policy, to: "policy.yaml")
    return bench
  }

  @Test func `A violated error is a refusal with both places, and nothing is applied`()
    async throws
  {
    let bench = try bench()
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused, "\(plan.output)\(plan.error)")
    #expect(plan.output.contains("[P001] replication-factor-at-least: expected"), "\(plan.output)")
    #expect(plan.output.contains("policy.yaml:4:3"), "\(plan.output)")
    #expect(plan.output.contains("collections.yaml:2:7"), "\(plan.output)")
    #expect(plan.output.contains("warning[P071]: collection/a: alias-required"), "\(plan.output)")
    #expect(plan.output.contains("1 violation is waived"), "\(plan.output)")
    #expect(plan.output.contains("1 refused"), "\(plan.output)")
    let apply = await bench.apply(bench.folder, "--yes")
    #expect(apply.status == .refused, "\(apply.output)\(apply.error)")
    #expect(bench.changes.isEmpty)
  }

  @Test func `JSON and verbose text name what is waived, by whom and until when`() async throws {
    let bench = try bench()
    let text = await bench.plan(bench.folder, "--verbose")
    #expect(text.output.contains("waived[P001]: collection/b"), "\(text.output)")
    #expect(text.output.contains("(until 2026-11-25 by team)"), "\(text.output)")
    let json = try JSONParser.parse(await bench.plan(bench.folder, "--format", "json").output)
    #expect(json["waived"]?.array?.first?["owner"]?.string == "team")
    #expect(json["waived"]?.array?.count == 1)
    let lines = json["changes"]?.array?.flatMap { $0["fields"]?.array ?? [] } ?? []
    let refused = lines.first { $0["action"]?.string == "refuse" }
    #expect(refused?["demanded_at"]?["line"]?.integer == 4)
    #expect(refused?["position"]?["line"]?.integer == 2)
  }

  @Test func `A plan file keeps what policies say, both places included`() async throws {
    let bench = try bench()
    _ = await bench.plan(bench.folder, "--out", bench.path("plan.json"))
    let shown = await bench.plan("show", bench.path("plan.json"), "--format", "json")
    #expect(shown.status == .success, "\(shown.error)")
    let json = try JSONParser.parse(shown.output)
    #expect(json["waived"]?.array?.count == 1)
    #expect(shown.output.contains("demanded_at"), "\(shown.output)")
  }

  @Test func `Validate prints violations as diagnostics and refuses, without a server`()
    async throws
  {
    let bench = try bench()
    let text = await bench.plan("validate", bench.folder)
    #expect(text.status == .refused, "\(text.output)")
    #expect(text.output.contains(":2:7: error[P001]: replication-factor"), "\(text.output)")
    #expect(text.output.contains("demanded by policy 'production'"), "\(text.output)")
    #expect(text.output.contains("1 violation is waived."), "\(text.output)")
    let json = await bench.plan("validate", bench.folder, "--format", "json")
    let codes = try JSONParser.parse(json.output).array?.map {
      "\($0["severity"]?.string ?? "") \($0["code"]?.string ?? "")"
    }
    #expect(codes == ["error P001", "warning P071", "note P001"], "\(json.output)")
    let github = await bench.plan("validate", bench.folder, "--format", "github")
    #expect(github.output.contains("title=P001::"), "\(github.output)")
    let sarif = await bench.plan("validate", bench.folder, "--format", "sarif")
    #expect(sarif.output.contains("\"ruleId\": \"P001\""), "\(sarif.output)")
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test func `A waiver that is over waives nothing and is told`() async throws {
    let old = PolicyCommandTests.policy.replacingOccurrences(of: "2026-11-25", with: "2026-11-24")
    let bench = try bench(old)
    let plan = await bench.plan(bench.folder)
    #expect(plan.output.contains("2 refused"), "\(plan.output)")
    #expect(plan.error.contains("warning[P901]: the waiver"), "\(plan.error)")
  }

  @Test func `What is about a cluster stands in the plan under its name`() async throws {
    let bench = try bench("kind: Policy\nname: p\nrules: {peers-at-least: {min: 3}}\n")
    let plan = await bench.plan(bench.folder)
    #expect(plan.status == .refused)
    #expect(plan.output.contains("cluster/here"), "\(plan.output)")
    #expect(plan.output.contains("expected at least 3 peers, found 1"), "\(plan.output)")
    let offline = await bench.plan("validate", bench.folder)
    #expect(offline.status == .success, "\(offline.output)")
  }

  @Test func `A rule is explained by its name and by its code`() async throws {
    let bench = try CommandBench()
    for word in ["alias-required", "P071", "p071"] {
      let result = await bench.plan("explain", word)
      #expect(result.status == .success)
      #expect(result.output.hasPrefix("P071 alias-required\n"), "\(result.output)")
    }
    let wrong = await bench.plan("explain", "alias-requird")
    #expect(wrong.error.contains("did you mean 'alias-required'?"), "\(wrong.error)")
  }
}

/// `validate --fix`.
@Suite struct PolicyFixTests {
  private static let policy =
    "kind: Policy\nname: p\nrules: {replication-factor-at-least: {min: 2}}\n"

  @Test func `The second validate after a fix finds nothing, and other bytes stay`() async throws {
    let bench = try CommandBench()
    let text = "# first\nkind: Collection\nname: a  # its name\nvectors: {size: 2, distance: Dot}\n"
    try bench.write(text + "# last\n")
    try bench.write(PolicyFixTests.policy, to: "policy.yaml")
    // What a process that was killed in the middle has left is in nobody's way.
    try bench.write("half a f", to: "collections.yaml.qdrant-plan-new")
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(fixed.error.contains("fixed "), "\(fixed.error)")
    #expect(fixed.error.contains("[P001] replication_factor: 2"), "\(fixed.error)")
    let new = try String(contentsOfFile: bench.path("collections.yaml"), encoding: .utf8)
    #expect(new == text + "replication_factor: 2\n# last\n")
    #expect(await bench.plan("validate", bench.folder).status == .success)
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
    #expect(Set(files) == ["cluster.yaml", "collections.yaml", "policy.yaml"])
  }

  @Test func `What cannot be fixed is said and stays byte for byte`() async throws {
    let bench = try CommandBench()
    let text = "{kind: Collection, name: a, vectors: {size: 2, distance: Dot}}\n"
    try bench.write(text)
    try bench.write(PolicyFixTests.policy, to: "policy.yaml")
    let result = await bench.plan("validate", "--fix", bench.folder)
    #expect(result.status == .refused, "\(result.output)")
    #expect(result.error.contains("not fixed "), "\(result.error)")
    #expect(result.error.contains("braces"), "\(result.error)")
    #expect(try String(contentsOfFile: bench.path("collections.yaml"), encoding: .utf8) == text)
    let input = await bench.plan("validate", "--fix", "-")
    #expect(input.status == .usage)
  }
}
