import Commands
import Foundation
import Testing

/// `validate --fix` where the value stands in a class, a tree or an overlay.
@Suite struct SharedFixTests {
  private static let policy =
    "kind: Policy\nname: p\nrules: {replication-factor-at-least: {min: 2}}\n"

  /// A class that says too few copies, with a comment that has to stay.
  private static let classes = """
    # what all have
    kind: Class
    name: base
    replication_factor: 1  # too few
    vectors: {size: 2, distance: Dot}

    """

  private func collection(_ name: String, _ more: String = "") -> String {
    "---\nkind: Collection\nname: \(name)\nclass: base\n\(more)"
  }

  private func bench(
    _ collections: String, classes: String = SharedFixTests.classes,
    policy: String = SharedFixTests.policy
  ) throws -> CommandBench {
    let bench = try CommandBench()
    try bench.write(collections)
    try bench.write(classes, to: "classes.yaml")
    try bench.write(policy, to: "policy.yaml")
    return bench
  }

  private func text(_ bench: CommandBench, _ name: String = "classes.yaml") throws -> String {
    try String(contentsOfFile: bench.path(name), encoding: .utf8)
  }

  @Test func `A value of a class is mended in the class when all that take it violate the rule`()
    async throws
  {
    let bench = try bench(collection("a") + collection("b"))
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(
      fixed.error.contains("classes.yaml: [P001] replication_factor: 2, in class base\n"),
      "\(fixed.error)")
    let new = SharedFixTests.classes.replacingOccurrences(of: "factor: 1", with: "factor: 2")
    #expect(try text(bench) == new)
    #expect(try text(bench, "collections.yaml") == collection("a") + collection("b"))
    let again = await bench.plan("validate", "--fix", bench.folder)
    #expect(again.status == .success)
    #expect(again.error.isEmpty, "\(again.error)")
    #expect(try text(bench) == new)
  }

  @Test func `A collection that says otherwise itself does not take the class's value`()
    async throws
  {
    let bench = try bench(collection("a") + collection("b", "replication_factor: 3\n"))
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(try text(bench).contains("replication_factor: 2  # too few"))
    #expect(try text(bench, "collections.yaml").contains("replication_factor: 3"))
  }

  @Test func `What is said over a class is mended in the collection itself`() async throws {
    let bench = try bench(
      collection("a", "replication_factor: 1\n"),
      classes: SharedFixTests.classes.replacingOccurrences(of: "factor: 1", with: "factor: 3"))
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(try text(bench, "collections.yaml") == collection("a", "replication_factor: 2\n"))
  }

  /// The reason why a class was not mended; its text has to be what it was.
  private func reason(_ bench: CommandBench, _ arguments: String...) async throws -> String {
    let before = try text(bench)
    let result = await bench.run(
      PlanCommand.run, ["validate", "--fix", bench.folder] + arguments)
    #expect(result.status == .refused, "\(result.output)\(result.error)")
    #expect(try text(bench) == before)
    return result.error
  }

  @Test func `A waived collection that takes the value as well stands against the edit`()
    async throws
  {
    let bench = try bench(
      collection("a") + collection("b"),
      policy: SharedFixTests.policy + """
        waivers:
          - {rule: replication-factor-at-least, address: collection/b, until: 2027-01-31, owner: t}

        """)
    let told = try await reason(bench)
    #expect(told.contains("collection/b@here takes the value from there as well"), "\(told)")
    #expect(told.contains("; see class base, \(bench.path("classes.yaml")):4:21)"), "\(told)")
  }

  @Test func `A collection that no policy looks at stands against the edit`() async throws {
    let bench = try bench(
      collection("a", "cluster: here\n") + collection("b", "cluster: other\n")
        + "---\n{kind: Cluster, name: other, url: \"http://127.0.0.1:1\", labels: {env: dev}}\n",
      policy: "kind: Policy\nname: p\napplies_to: {addresses: [collection/a]}\n"
        + "rules: {replication-factor-at-least: {min: 2}}\n")
    let told = try await reason(bench)
    #expect(told.contains("collection/b@other takes the value from there as well"), "\(told)")
  }

  /// Two environments; the class alone is wrong in `prod`, and an overlay in `dev`.
  private static let environments = """
    kind: Environment
    name: dev
    overlays:
      - match: {kind: Collection, name: "*"}
        set: {replication_factor: 1}
    ---
    kind: Environment
    name: prod
    variables: {copies: 1}
    overlays:
      - match: {kind: Collection, name: a}
        set: {replication_factor: "${copies}"}

    """

  @Test func `An overlay is mended where it stands`() async throws {
    let bench = try bench(collection("a") + collection("b"))
    try bench.write(SharedFixTests.environments, to: "environments.yaml")
    let fixed = await bench.plan("validate", "--fix", bench.folder, "--environment", "dev")
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(fixed.error.contains("in overlay of environment dev\n"), "\(fixed.error)")
    let new = SharedFixTests.environments.replacingOccurrences(
      of: "set: {replication_factor: 1}", with: "set: {replication_factor: 2}")
    #expect(try text(bench, "environments.yaml") == new)
    #expect(try text(bench) == SharedFixTests.classes)
  }

  @Test func `A variable is not changed, and it is said where it stands`() async throws {
    let bench = try bench(collection("a"))
    try bench.write(SharedFixTests.environments, to: "environments.yaml")
    let told = try await reason(bench, "--environment", "prod")
    #expect(told.contains("(a variable says it, which may stand elsewhere as well; "), "\(told)")
    #expect(
      told.contains("see variable copies, \(bench.path("environments.yaml")):9:21)"), "\(told)")
  }

  @Test func `An environment in which another collection takes the value stands against the edit`()
    async throws
  {
    let bench = try bench(
      collection("a"),
      policy: "kind: Policy\nname: p\n"
        + "applies_to: {labels: {env: prod}}\nrules: {replication-factor-at-least: {min: 2}}\n")
    try bench.write(
      collection("a", "cluster: {labels: {live: \"yes\"}}\n"), to: "collections.yaml",
      cluster: """
        kind: Cluster
        name: here
        url: http://127.0.0.1:6333
        labels: {env: prod, live: "yes"}
        ---
        kind: Cluster
        name: small
        url: http://127.0.0.1:6334
        ---
        kind: Environment
        name: dev
        overlays:
          - match: {kind: Cluster, name: small}
            set: {labels: {live: "yes"}}

        """)
    let told = try await reason(bench)
    #expect(told.contains("collection/a@small in environment dev takes the value"), "\(told)")
  }

  @Test func `A tree and the limits of an overlaid cluster are mended where they stand`()
    async throws
  {
    let bench = try CommandBench()
    let tree = """
      kind: Hierarchy
      name: documents
      levels:
        - {name: domain, place: name, values: [legal, sales]}
      names: {collection: "{domain}"}
      tree:
        vectors: {size: 2, distance: Dot}
        replication_factor: 1
        legal: {}
        sales: {}
      ---
      kind: Environment
      name: prod
      overlays:
        - match: {kind: Cluster, name: here}
          set: {limits: {concurrent_requests: 64}}

      """
    try bench.write(tree, to: "tree.yaml")
    try bench.write(
      "kind: Policy\nname: p\nrules: {replication-factor-at-least: {min: 2}, "
        + "concurrent-requests-at-most: {max: 8}}\n", to: "policy.yaml")
    let fixed = await bench.plan("validate", "--fix", bench.folder, "--environment", "prod")
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(fixed.error.contains("replication_factor: 2, in tree\n"), "\(fixed.error)")
    #expect(
      try text(bench, "tree.yaml")
        == tree.replacingOccurrences(of: "factor: 1", with: "factor: 2")
        .replacingOccurrences(of: "requests: 64", with: "requests: 8"))
  }

  @Test func `A word of lifecycle is mended in its class, and what stands behind an alias is not`()
    async throws
  {
    let lifecycle =
      "kind: Class\nname: base\nvectors: {size: 2, distance: Dot}\n"
      + "lifecycle:\n  on_delete: delete\n"
    let policy = "kind: Policy\nname: p\nrules: {deletion-forbidden: error}\n"
    let bench = try bench(collection("a"), classes: lifecycle, policy: policy)
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(try text(bench).hasSuffix("on_delete: forbid\n"))
    let anchored =
      "kind: Class\nname: base\nvectors: {size: 2, distance: Dot}\n"
      + "lifecycle:\n  on_delete: &word delete\nmetadata: {word: *word}\n"
    let other = try self.bench(collection("a"), classes: anchored, policy: policy)
    let told = try await reason(other)
    #expect(told.contains("not fixed "), "\(told)")
  }

  @Test func `Vectors and indexes of a class are mended there, several in one file`() async throws {
    let classes = """
      kind: Class
      name: base
      vectors: {size: 2, distance: Dot, on_disk: false}  # the unnamed one
      payload_indexes:
        body: {type: text, lowercase: false}  # as it is

      """
    let bench = try bench(
      collection("a") + collection("b"), classes: classes,
      policy: "kind: Policy\nname: p\n"
        + "rules: {vectors-on-disk: error, text-index-lowercase: error}\n")
    let fixed = await bench.plan("validate", "--fix", bench.folder)
    #expect(fixed.status == .success, "\(fixed.output)\(fixed.error)")
    #expect(
      try text(bench)
        == classes.replacingOccurrences(of: "on_disk: false", with: "on_disk: true")
        .replacingOccurrences(of: "lowercase: false", with: "lowercase: true"))
  }
}
