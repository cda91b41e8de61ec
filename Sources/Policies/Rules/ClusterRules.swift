import Diagnostics
import JSON
import ResourceModel

/// How clusters are reached.
enum ClusterRules {
  static let all: [any PolicyRule] = [
    HTTPSRequired(),
    CredentialRequired(
      "P082", "api-key-required", "api_key", { $0.apiKey },
      "Self-hosted clusters have an api_key.",
      """
      A server without a key answers everybody who reaches it, deletions included. The key \
      itself never stands in a manifest, only where it is kept.
      """),
    CredentialRequired(
      "P083", "read-api-key-required", "read_api_key", { $0.readAPIKey },
      "Self-hosted clusters have a read_api_key.",
      """
      Plans and drift reports only read. With a read-only key (service.read_only_api_key) the \
      jobs that run on every pull request hold nothing that could change a cluster.
      """),
    NoPlainHTTP(), CertificateAuthority(), ClientCertificate(), ClusterLabels(), WaveSaid(),
    RequestsAtMost(), TimeoutWithin(), NoCommandSecrets(),
  ]
}

extension ClusterDeclaration {
  /// Whether it is a server at an address.
  var isRemote: Bool { provider == .selfHosted }

  /// Where a key's value stands, or the cluster's name.
  func place(_ key: String) -> SourceSpan? {
    spans[key] ?? spans.filter { $0.key.hasPrefix(key + ".") }.map(\.value).min() ?? span
  }

  /// Where it is declared; nil for a cluster that no manifest declares.
  var provenance: Provenance? { span.map { Provenance($0) } }

  func violation(_ key: String, _ message: String, hint: String? = nil) -> PolicyViolation {
    PolicyViolation(
      .cluster(name), path: FieldPath(key), at: place(key).map { Provenance($0) }, message,
      hint: hint)
  }

  /// The edit that gives a key a value, where the value stands now or in the cluster's document;
  /// none for a cluster that no manifest declares.
  func edit(_ key: String, _ value: JSONValue) -> ManifestEdit? {
    guard let span else { return nil }
    let target = spans[key].map { ManifestEdit.Target.value($0) } ?? .document(span)
    return ManifestEdit(target, path: FieldPath(key), value: value)
  }
}

/// `http` to somewhere else than this machine.
struct HTTPSRequired: ClusterRule {
  let spec = PolicyRuleSpec(
    "P081", "https-required", .error,
    "Clusters that are not on this machine are reached by https.",
    """
    A key that goes over http is read by everything on the way. A server speaks https when \
    service.enable_tls is set. Addresses of this machine (localhost, 127.0.0.1, [::1]) are left \
    alone.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.isRemote, let url = cluster.url?.lowercased(), url.hasPrefix("http://") else {
      return []
    }
    let authority = url.dropFirst(7).prefix { !"/?#".contains($0) }
    let host = authority.split(separator: "@").last ?? ""
    let local = ["localhost", "127.0.0.1", "[::1]"]
    if local.contains(where: { host == $0 || host.hasPrefix($0 + ":") }) { return [] }
    return [cluster.violation("url", "expected an https address, found http")]
  }
}

/// A cluster without a key, or without one for reading.
struct CredentialRequired: ClusterRule {
  let spec: PolicyRuleSpec
  private let key: String
  private let read: @Sendable (ClusterDeclaration) -> CredentialReference?

  init(
    _ code: String, _ name: String, _ key: String,
    _ read: @escaping @Sendable (ClusterDeclaration) -> CredentialReference?,
    _ summary: String, _ documentation: String
  ) {
    spec = PolicyRuleSpec(code, name, .error, summary, documentation)
    self.key = key
    self.read = read
  }

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.isRemote, read(cluster) == nil else { return [] }
    return [
      cluster.violation(key, "expected \(key), found nothing", hint: "write \(key): {env: NAME}")
    ]
  }
}

/// `allow_plain_http: true`.
struct NoPlainHTTP: ClusterRule {
  let spec = PolicyRuleSpec(
    "P084", "no-plain-http", hasFix: true,
    "No cluster allows its key to go over http.",
    """
    Without allow_plain_http: true a key goes over http to this machine only, and everything \
    else is refused before it is sent.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.allowPlainHTTP else { return [] }
    var found = cluster.violation(
      "allow_plain_http", "expected allow_plain_http to be false, found true")
    found.fix = cluster.edit("allow_plain_http", false)
    return [found]
  }
}

/// A server whose certificate any public authority could have signed.
struct CertificateAuthority: ClusterRule {
  let spec = PolicyRuleSpec(
    "P085", "certificate-authority-named", .warning,
    "Self-hosted clusters name the authority of their certificate.",
    """
    With tls.ca_file only certificates of your own authority are accepted. Without it every \
    authority that the system trusts may vouch for the server's name. Demand it where the \
    servers' certificates are your own.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.isRemote, cluster.caFile == nil else { return [] }
    return [cluster.violation("tls.ca_file", "expected tls.ca_file, found nothing")]
  }
}

/// A server that does not know who calls but for the key.
struct ClientCertificate: ClusterRule {
  let spec = PolicyRuleSpec(
    "P086", "client-certificate-required", .warning,
    "Self-hosted clusters are shown a client certificate.",
    """
    A server with service.verify_https_client_certificate refuses everybody without a \
    certificate of its authority, so that a key that leaks is not enough.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.isRemote, cluster.clientCertificate == nil else { return [] }
    return [
      cluster.violation(
        "tls.client_certificate", "expected tls.client_certificate, found nothing")
    ]
  }
}

/// A cluster that selections and policies cannot tell.
struct ClusterLabels: ClusterRule {
  let spec = PolicyRuleSpec(
    "P087", "cluster-labels-required",
    parameters: [
      PolicyParameter(
        "keys", .list(.text(bytes: 1...255)), standard: ["env"], "The labels that must be there.")
    ],
    "Every cluster has these labels.",
    """
    Collections and policies choose clusters by labels. A cluster without the label is passed \
    over by both without a word: a policy for production does not see it.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    settings.texts("keys").filter { cluster.labels[$0] == nil }.map { key in
      PolicyViolation(
        .cluster(cluster.name), path: FieldPath(["labels", ExactString(key)]),
        at: cluster.provenance,
        "expected the label '\(key)', found none")
    }
  }
}

/// A cluster that leaves its turn to the default.
struct WaveSaid: ClusterRule {
  let spec = PolicyRuleSpec(
    "P088", "cluster-wave-said", .warning,
    "Every cluster says its wave.",
    """
    Lower waves run first, and a failed wave stops the next. Clusters that say nothing are all \
    in wave 1, so that a change reaches production together with the cluster that it should be \
    tried on.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    guard cluster.spans["wave"] == nil else { return [] }
    return [cluster.violation("wave", "expected wave, found nothing")]
  }
}

/// So many requests at once that a cluster feels them.
struct RequestsAtMost: ClusterRule {
  let spec = PolicyRuleSpec(
    "P089", "concurrent-requests-at-most",
    parameters: [
      PolicyParameter("max", .integer(1...1024), standard: 32, "The most requests at once.")
    ], hasFix: true,
    "No cluster is sent more requests at once than that.",
    """
    Reading goes no faster beyond a few connections (measured: one gives 3,600 reads a second, \
    eight 5,800, more do not help), while searches of users wait for the same threads. Without \
    limits it is 32.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    let most = settings.integer("max")
    guard cluster.concurrentRequests > most else { return [] }
    var found = cluster.violation(
      "limits.concurrent_requests",
      "expected at most \(most) concurrent_requests, found \(cluster.concurrentRequests)")
    found.fix = cluster.edit("limits.concurrent_requests", .integer(most))
    return [found]
  }
}

/// Exchanges that end too early or never.
struct TimeoutWithin: ClusterRule {
  let spec = PolicyRuleSpec(
    "P090", "request-timeout-within", .warning,
    parameters: [
      PolicyParameter("min", .integer(1...86400), standard: 10, "The fewest seconds."),
      PolicyParameter("max", .integer(1...86400), standard: 300, "The most seconds."),
    ], hasFix: true,
    "The timeout of an exchange lies within bounds.",
    """
    A server in a cluster waits up to 10 seconds for its peers before it answers 500; whoever \
    hangs up earlier does not learn what became of the change, which may still happen. Without \
    limits it is 30 seconds.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    let demand = Demand.within("min", "max")
    let seconds = JSONValue.integer(Int(cluster.timeoutSeconds))
    guard !demand.isSatisfied(by: seconds, settings) else { return [] }
    var found = cluster.violation(
      "limits.timeout",
      "expected a timeout \(demand.words(settings)) seconds, found \(seconds.text())")
    found.fix = demand.nearest(to: seconds, settings).flatMap {
      cluster.edit("limits.timeout", .string($0.text() + "s"))
    }
    return [found]
  }
}

/// Secrets that a program of the manifests' choice gives.
struct NoCommandSecrets: ClusterRule {
  let spec = PolicyRuleSpec(
    "P091", "no-secrets-by-command", .error,
    "No key comes from a program that a manifest names.",
    """
    {command: [PROGRAM]} would run a program with the rights of whoever plans. This version \
    refuses it anyway: keys come from {env: NAME} or {file: PATH}.
    """)

  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation] {
    [("api_key", cluster.apiKey), ("read_api_key", cluster.readAPIKey)].compactMap { key, value in
      guard case .command = value else { return nil }
      return cluster.violation(
        key + ".command", "expected \(key) from a file or a variable, found a command")
    }
  }
}
