package import ResourceModel
import Transport

/// Checks a cluster's address without connecting: for `validate` and before anything is fetched.
package enum AddressCheck {
  /// A finding about an address.
  package struct Finding: Sendable, Hashable {
    package var message: String
    package var hint: String?
    package var isError: Bool
    /// UTF-8 byte offsets in the address.
    package var range: Range<Int>
    /// Whether the excerpt of the manifest must not be shown: it may hold a password.
    package var mustMask: Bool
  }

  /// What is wrong with, or remarkable about, the address of a self-hosted cluster.
  package static func findings(_ cluster: ClusterDeclaration) -> [Finding] {
    guard cluster.provider == .selfHosted, let url = cluster.url else { return [] }
    let endpoint: EndpointURL
    do throws(EndpointURLError) { endpoint = try EndpointURL(url) } catch {
      // Whatever is told first, the address may hold a key further on.
      let mustMask = !EndpointURL.sensitiveRanges(in: url).isEmpty
      let isKey = error.fact == .userInfo || error.fact == .query
      return [
        Finding(
          message: error.fact.description,
          hint: isKey ? "refer to the key: api_key: {env: NAME}" : nil, isError: true,
          range: error.range, mustMask: mustMask)
      ]
    }
    var findings = endpoint.notes.map { note in
      Finding(
        message: text(of: note.fact), hint: nil, isError: false, range: note.range,
        mustMask: false)
    }
    let hasKey = cluster.apiKey != nil || cluster.readAPIKey != nil
    if hasKey, !endpoint.maySendSecret(allowPlainHTTP: cluster.allowPlainHTTP) {
      findings.append(
        Finding(
          message: "the key would travel to \(endpoint.host) in clear text",
          hint: "use https, or say allow_plain_http: true", isError: true,
          range: 0..<4, mustMask: false))
    }
    return findings
  }

  /// Pairs of clusters that have one address: the first with it, and each later one.
  package static func shared(
    _ clusters: [ClusterDeclaration]
  ) -> [(ClusterDeclaration, ClusterDeclaration)] {
    var first: [String: ClusterDeclaration] = [:]
    return clusters.compactMap { cluster in
      guard cluster.provider == .selfHosted, let url = cluster.url,
        let address = try? EndpointURL(url).description
      else { return nil }
      guard let other = first[address] else {
        first[address] = cluster
        return nil
      }
      return (other, cluster)
    }
  }

  private static func text(of fact: EndpointURL.Note.Fact) -> String {
    switch fact {
    case .grpcPort: "port 6334 looks like Qdrant's gRPC port; REST is usually on 6333"
    case .internationalHost(let punycode): "the host is looked up as \(punycode)"
    case .defaultPort(let port): "without a port, \(port) is used; Qdrant listens on 6333"
    }
  }
}
