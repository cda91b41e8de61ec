import JSON
import ResourceModel

/// How to connect to a cluster, as a plan keeps it: addresses and references, never a secret.
enum ClusterEncoding {
  static func json(_ cluster: ClusterDeclaration) -> JSONValue {
    [
      "provider": .string(cluster.provider.rawValue),
      "url": text(cluster.url), "storage": text(cluster.storage),
      "api_key": reference(cluster.apiKey), "read_api_key": reference(cluster.readAPIKey),
      "allow_plain_http": .bool(cluster.allowPlainHTTP), "ca_file": text(cluster.caFile),
      "client_certificate": text(cluster.clientCertificate),
      "client_key": text(cluster.clientKey), "wave": .integer(cluster.wave),
      "concurrent_requests": .integer(cluster.concurrentRequests),
      "timeout": .double(cluster.timeoutSeconds),
    ]
  }

  static func declaration(_ value: JSONValue, name: String) -> ClusterDeclaration? {
    var cluster = ClusterDeclaration(name: name)
    guard let word = value["provider"]?.string,
      let provider = ClusterDeclaration.ProviderKind(rawValue: word),
      let plain = value["allow_plain_http"]?.bool, let wave = value["wave"]?.integer,
      let requests = value["concurrent_requests"]?.integer, let timeout = value["timeout"]?.double
    else { return nil }
    cluster.provider = provider
    cluster.url = value["url"]?.string
    cluster.storage = value["storage"]?.string
    cluster.apiKey = reference(value["api_key"])
    cluster.readAPIKey = reference(value["read_api_key"])
    cluster.allowPlainHTTP = plain
    cluster.caFile = value["ca_file"]?.string
    cluster.clientCertificate = value["client_certificate"]?.string
    cluster.clientKey = value["client_key"]?.string
    cluster.wave = wave
    cluster.concurrentRequests = requests
    cluster.timeoutSeconds = timeout
    return cluster
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func reference(_ reference: CredentialReference?) -> JSONValue {
    switch reference {
    case .environment(let name): ["env": .string(name)]
    case .file(let path): ["file": .string(path)]
    case .command(let words): ["command": .array(words.map { .string($0) })]
    case nil: .null
    }
  }

  private static func reference(_ value: JSONValue?) -> CredentialReference? {
    if let name = value?["env"]?.string { return .environment(name) }
    if let path = value?["file"]?.string { return .file(path) }
    return value?["command"]?.array.map { .command($0.compactMap(\.string)) }
  }
}
