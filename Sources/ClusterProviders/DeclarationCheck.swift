package import ResourceModel
import Secrets
import Transport

/// What no connection can be made of, whatever the machine and the server: for `validate`.
///
/// The words are those with which a connection is refused. What depends on the machine (variables
/// that are set, files that are there) is left to the connection.
package enum DeclarationCheck {
  /// All problems of a cluster, each at the key of its manifest that is at fault.
  package static func problems(_ cluster: ClusterDeclaration) -> [ConnectionProblem] {
    if let problem = unbuiltProvider(cluster) { return [problem] }
    guard cluster.provider == .selfHosted else { return [] }
    var problems = [(cluster.apiKey, "api_key"), (cluster.readAPIKey, "read_api_key")].compactMap {
      reference, key in
      reference.flatMap { SecretReference($0).flaw }.map { flaw in
        ConnectionProblem(key: key, flaw.description, category: .noPermission)
      }
    }
    let hasFiles =
      [cluster.caFile, cluster.clientCertificate, cluster.clientKey] != [nil, nil, nil]
    if hasFiles, let url = cluster.url, let endpoint = try? EndpointURL(url),
      endpoint.scheme == .http
    {
      problems.append(
        ConnectionProblem(
          key: "tls", TransportConfigurationError.certificatesWithoutTLS.description,
          hint: "say https in 'url', or take 'tls' out"))
    }
    return problems
  }

  /// The refusal of a provider that is not built.
  static func unbuiltProvider(_ cluster: ClusterDeclaration) -> ConnectionProblem? {
    switch cluster.provider {
    case .selfHosted, .embedded: nil
    case .qdrantCloud, .local, .shared:
      ConnectionProblem(
        key: "provider", "the provider '\(cluster.provider.rawValue)' is not built yet",
        hint: "use self_hosted or embedded", isUnsupported: true)
    }
  }
}
