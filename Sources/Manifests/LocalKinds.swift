import JSON
package import ResourceModel

/// The kinds that never reach a server: their rows have no wire.
package enum LocalKinds {
  /// Keys whose value is a reference to a secret.
  static let secrets: Set<String> = ["api_key", "read_api_key", "management_key"]

  /// Keys that are read, and that no message recommends, since nothing is built behind them.
  static let unbuiltKeys: Set<String> = ["command"]

  /// `kind: Cluster`.
  package static let cluster = KindSpec(
    kind: .collection,
    rows: [
      row(
        "provider", .oneOf(ClusterDeclaration.ProviderKind.allCases.map(\.rawValue)),
        "Where the cluster comes from, by default self_hosted; only that and embedded are built."),
      row("url", text, "The address of a cluster that is already there."),
      row("storage", text, "The folder of an embedded or local cluster."),
    ] + ["api_key", "read_api_key", "management_key"].flatMap(secret) + [
      row("allow_plain_http", .bool, "Whether a key may go over http to other than this machine."),
      row(
        "tls.ca_file", text, "The certificates that the server's certificate is checked against."),
      row("tls.client_certificate", text, "The certificate that is shown to the server."),
      row("tls.client_key", text, "The key of the client certificate."),
      row("labels.*", text, "A label that collections select clusters by."),
      row("wave", .integer(0...1000), "When it has its turn: lower waves run first."),
      row("limits.concurrent_requests", .integer(1...1024), "How many requests run at once."),
      row("limits.timeout", .duration, "How long one exchange may take."),
    ] + provided,
    exclusive: ["api_key", "read_api_key", "management_key"])

  /// What other providers need; decoded and kept until they are built.
  private static let provided: [FieldSpec] = [
    row("account", text, "The account of Qdrant Cloud."),
    row("cloud.provider", text, "The cloud that Qdrant Cloud uses."),
    row("cloud.region", text, "The region of that cloud."),
    row("package", text, "The size of the machines, as Qdrant Cloud names it."),
    row("nodes", .integer(1...1000), "How many machines the cluster has."),
    row("disk", .any, "The disk of each machine."),
    row("version", text, "The version of the server."),
    row("database_configuration", .any, "Settings of the server."),
    row("on_free_tier_exhausted", .any, "What is done when no free cluster is left."),
    row("binary", text, "The server's program on this machine."),
    row("image", text, "The server's container image."),
    row("port", .integer(1...65535), "The port that a local server listens on."),
    row("config", .any, "Settings of a local server."),
    row("of", text, "The cluster of which this one is a tenant."),
    row("prefix", text, "What the names of a tenant begin with."),
  ].map { row in
    var row = row
    row.summary += " Its provider is not built yet."
    return row
  }

  /// Which providers have a field; fields that are not here belong to all.
  static let providers: [String: [ClusterDeclaration.ProviderKind]] = [
    "url": [.selfHosted], "storage": [.embedded, .local], "account": [.qdrantCloud],
    "management_key": [.qdrantCloud], "cloud": [.qdrantCloud], "package": [.qdrantCloud],
    "nodes": [.qdrantCloud], "disk": [.qdrantCloud], "version": [.qdrantCloud],
    "database_configuration": [.qdrantCloud], "on_free_tier_exhausted": [.qdrantCloud],
    "binary": [.local], "image": [.local], "port": [.local], "config": [.local],
    "of": [.shared], "prefix": [.shared],
  ]

  /// `kind: Workspace`.
  package static let workspace = KindSpec(
    kind: .collection,
    rows: [
      row("version", .integer(0...1_000_000), "The version of the manifest language: 1."),
      row("state", text, "The folder of the journal, beside the manifests."),
      row("budgets.removals", text, "The largest share of resources that one plan may remove."),
      row("budgets.from", .integer(0...1_000_000), "From how many resources on the share counts."),
    ])

  /// `kind: Policy`, for the schema that editors read; its decoder reads the rules' own table.
  package static func policy(_ rules: [PolicyRuleSpec]) -> [FieldSpec] {
    [
      row("applies_to.labels.*", text, "A label that the clusters of the policy have."),
      row("applies_to.addresses", .list(text), "The resources of the policy, with * for any text."),
      row("waivers", .any, "Exceptions, each with rule, address, until and owner."),
    ] + rules.map { row(FieldPattern("rules." + $0.name), .any, $0.summary) }
  }

  /// `lifecycle` of a collection.
  package static let lifecycle = KindSpec(
    kind: .collection,
    rows: [
      row("state", .oneOf(["present", "absent"]), "Whether the collection is to be there."),
      row(
        "on_delete", .oneOf(Lifecycle.OnDelete.allCases.map(\.rawValue)),
        "How the collection goes, by default retired; only delete and forbid are built."),
      row(
        "on_replace", .oneOf(Lifecycle.OnReplace.allCases.map(\.rawValue)),
        "How a change is made that cannot be made in place; none is built, and the plan refuses it."
      ),
      row(
        "unlisted", .oneOf(Lifecycle.Unlisted.allCases.map(\.rawValue)),
        "What happens to payload indexes and aliases beyond the lists."),
      row("ignore", .list(text), "Fields that are not compared."),
      row("revert_window", .duration, "How long a replaced collection is kept; not built yet."),
      row("reembed", .any, "Where new vectors come from; not built yet."),
      row("gates", .any, "What must hold before dependents may start."),
    ])

  /// The seconds that a gate may take at most: a day.
  static let longestGate = 86_400

  /// One of a collection's `gates`.
  package static let gate = KindSpec(
    kind: .collection,
    rows: [
      row(
        "wait", .oneOf(["green", "replicas"]),
        "What is waited for: optimisers that are done, or copies that are active."),
      row("timeout", .duration, "How long it may take, by default 30 minutes, at most a day."),
      row(
        "golden_queries", text, "A file of queries whose answers must stay alike; not built yet."),
      row("min_overlap", .number(0...1), "How much of each answer must stay; not built yet."),
    ])

  private static let text = ValueType.text(bytes: 1...4096)

  private static func row(
    _ path: FieldPattern, _ type: ValueType, _ summary: String
  ) -> FieldSpec {
    FieldSpec(path, type, mutability: .local, unset: .impossible, wire: nil, summary: summary)
  }

  private static func secret(_ key: String) -> [FieldSpec] {
    [
      row(FieldPattern(key + ".env"), text, "The environment variable that holds the secret."),
      row(FieldPattern(key + ".file"), text, "The file that holds the secret."),
      row(
        FieldPattern(key + ".command"), .list(text),
        "The program, with its arguments, that prints the secret; refused: not built yet."),
    ]
  }
}
