import Diagnostics
import Foundation
import Manifests
import Policies
import QdrantSchema
import ResourceModel
import Testing

/// The kind `Policy`: what it applies to, waivers, and what is wrong with it.
@Suite struct PolicyTests {
  private static let collections = """
    ---
    kind: Collection
    name: products
    vectors: {dense: {size: 8, distance: Dot}}
    payload_indexes: {tenant_id: keyword}
    ---
    kind: Collection
    name: scratch
    vectors: {dense: {size: 8, distance: Dot}}

    """

  private func report(_ policy: String, today: String = "2026-11-25") throws -> PolicyReport {
    try Fixture.report(
      "kind: Policy\nname: house\n" + policy + PolicyTests.collections, today: CivilDate(today))
  }

  private func addresses(_ findings: [PolicyFinding]) -> [String] {
    findings.map(\.violation.address.local)
  }

  @Test func `A policy is about the addresses that it names`() throws {
    let all = try report("rules: {alias-required: error}\n")
    #expect(addresses(all.findings) == ["collection/products", "collection/scratch"])
    let some = try report(
      "applies_to: {addresses: [\"collection/p*\"]}\nrules: {alias-required: error}\n")
    #expect(addresses(some.findings) == ["collection/products"])
  }

  @Test func `A policy is about the clusters that have its labels`() throws {
    let cluster = "---\nkind: Cluster\nname: prod\nurl: https://q.test\nlabels: {env: prod}\n"
    let rules = "rules: {alias-required: error, cluster-wave-said: error}\n"
    let meant = try report("applies_to: {labels: {env: prod}}\n" + rules + cluster)
    #expect(addresses(meant.findings).contains("cluster/prod"))
    #expect(meant.findings.count == 3)
    let other = try report("applies_to: {labels: {env: dev}}\n" + rules + cluster)
    #expect(other.findings.isEmpty)
  }

  @Test func `A severity that is written wins, and off looks at nothing`() throws {
    let warned = try report("rules: {replication-factor-at-least: {severity: warning}}\n")
    #expect(warned.findings.map(\.severity) == [.warning, .warning])
    #expect(try report("rules: {replication-factor-at-least: off}\n").findings.isEmpty)
    let standard = try report("rules: {alias-required: {}}\n")
    #expect(standard.findings.map(\.severity) == [.warning, .warning])
  }

  @Test func `A newer key that overrides a flag is looked at instead of it`() throws {
    func found(_ rule: String, _ body: String) throws -> [String] {
      let text =
        "kind: Policy\nname: p\nrules: {\(rule): error}\n---\nkind: Collection\nname: a\n"
      return try Fixture.report(text + body).findings.map(\.violation.path.description)
    }
    let vectors = "vectors: {d: {size: 8, distance: Dot, on_disk: true}}\n"
    #expect(
      try found("payload-on-disk", vectors + "on_disk_payload: true\npayload: {memory: cached}\n")
        == ["payload.memory"])
    #expect(try found("payload-on-disk", vectors + "payload: {memory: cold}\n").isEmpty)
    let cold = "quantization_config: {scalar: {type: int8, always_ram: true, memory: cold}}\n"
    #expect(
      try found("quantized-stay-in-memory", vectors + cold)
        == ["quantization_config.scalar.memory"])
    let vector = "vectors: {d: {size: 8, distance: Dot, on_disk: true, memory: cached}}\n"
    #expect(try found("vectors-on-disk", vector) == ["vectors.d.memory"])
  }

  private static let waived = """
    rules: {alias-required: error}
    waivers:
      - {rule: alias-required, address: collection/scratch, until: 2027-01-31, owner: search}

    """

  @Test func `A waiver holds up to its day, and is then told and waives nothing`() throws {
    let last = try report(PolicyTests.waived, today: "2027-01-31")
    #expect(addresses(last.findings) == ["collection/products"])
    #expect(addresses(last.waived) == ["collection/scratch"])
    #expect(last.waived.first?.waiver?.owner == "search")
    #expect(last.notices.isEmpty)
    let after = try report(PolicyTests.waived, today: "2027-02-01")
    #expect(after.findings.count == 2)
    #expect(after.waived.isEmpty)
    #expect(after.notices.map(\.code) == ["P901"])
    #expect(after.notices.first?.span?.line == 5)
  }

  @Test func `A waiver that waives nothing is told where everything was looked at`() throws {
    let idle = PolicyTests.waived.replacingOccurrences(of: "scratch", with: "gone")
    #expect(try report(idle).notices.map(\.code) == ["P902"])
    let live = idle.replacingOccurrences(of: "alias-required", with: "no-change-unless-green")
    #expect(try report(live).notices.isEmpty)
  }

  @Test func `A waiver of a collection is one of its parts, too`() throws {
    let report = try report(
      """
      rules: {tenant-index-marked: error}
      waivers:
        - {rule: tenant-index-marked, address: collection/products, until: 2027-01-31, owner: x}

      """)
    #expect(addresses(report.waived) == ["index/products/tenant_id"])
    #expect(report.findings.isEmpty)
  }

  @Test(arguments: [
    ("rules: {alias-requird: error}", "M601", 3, 9),
    ("rules: {alias-required: fatal}", "M103", 3, 25),
    ("rules: {replication-factor-at-least: {min: two}}", "M102", 3, 44),
    ("rules: {replication-factor-at-least: {min: 0}}", "M104", 3, 44),
    ("rules: {replication-factor-at-least: {mim: 2}}", "M101", 3, 39),
    ("rules: {max-vector-ram: error}", "M107", 3, 9),
    ("rules: {shard-number-within: {min: 65}}", "M104", 3, 9),
    ("rules: {collection-name-pattern: {pattern: \"[a-\"}}", "M603", 3, 44),
    ("rule: {alias-required: error}", "M101", 3, 1),
    ("applies_to: {label: {a: b}}", "M101", 3, 14),
    ("waivers: [{rule: alias-required, address: x, until: 2027-02-30, owner: o}]", "M602", 3, 53),
    ("waivers: [{rule: alias-required, address: x, until: 2027-02-28}]", "M107", 3, 11),
    ("waivers: [{rule: none, address: x, until: 2027-02-28, owner: o}]", "M601", 3, 18),
    ("waivers: {rule: x}", "M119", 3, 10),
  ])
  func `What is wrong with a policy is told with its place`(
    line: String, code: String, row: Int32, column: Int32
  ) {
    let result = ManifestLoader.load(
      sources: [MemorySource("kind: Policy\nname: house\n" + line + "\n")],
      schema: QdrantResources.schema.demanding(PolicyTable.specs))
    #expect(result.diagnostics.map(\.code) == [code], "\(result.report.text())")
    #expect(result.diagnostics.first?.span?.line == row)
    #expect(result.diagnostics.first?.span?.column == column, "\(result.report.text())")
  }

  /// `UPDATE_GOLDEN=1 swift test --filter PolicyTests` writes the file, and counts as a failure.
  @Test func `The committed reference of the rules is up to date`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/policies.md")
    let text = PolicyReference.document(PolicyTable.specs)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("docs/policies.md was written anew")
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }
}
