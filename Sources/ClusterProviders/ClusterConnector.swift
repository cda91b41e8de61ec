import FoundationEssentials
import InProcessTransport
import QdrantProvider
package import ResourceModel
import Secrets
import SimulatedQdrant
import SimulatedStore
import Transport

/// Makes connections of cluster declarations: self-hosted over HTTP, embedded in process.
package struct ClusterConnector: Sendable {
  /// Which key a command uses.
  package enum Access: Sendable {
    /// Plan and drift: the read key when there is one.
    case read
    /// Apply.
    case manage
  }

  private let schema: ResourceSchema
  private let environment: [String: String]

  /// `environment` serves `{env: NAME}` references, and nothing else of it is read.
  package init(schema: ResourceSchema, environment: [String: String]) {
    self.schema = schema
    self.environment = environment
  }

  /// A connection; secrets are fetched here and nowhere earlier.
  package func connect(
    _ cluster: ClusterDeclaration, access: Access
  ) async throws(ConnectionProblem) -> ClusterConnection {
    if let problem = DeclarationCheck.unbuiltProvider(cluster) { throw problem }
    return cluster.provider == .embedded
      ? try embedded(cluster) : try await selfHosted(cluster, access)
  }

  private func selfHosted(
    _ cluster: ClusterDeclaration, _ access: Access
  ) async throws(ConnectionProblem) -> ClusterConnection {
    guard let url = cluster.url else {
      throw ConnectionProblem(key: "url", "a self-hosted cluster needs a url")
    }
    let endpoint: EndpointURL
    do throws(EndpointURLError) { endpoint = try EndpointURL(url) } catch {
      throw ConnectionProblem(key: "url", error.fact.description)
    }
    let secret = try await secret(of: cluster, access)
    var configuration = TransportConfiguration(
      endpoint: endpoint, apiKey: secret.map { BoundSecret($0, host: endpoint.host) })
    configuration.allowPlainHTTP = cluster.allowPlainHTTP
    configuration.tls = TransportConfiguration.TLSFiles(
      caFile: cluster.caFile.map { path($0, in: cluster) },
      certificateFile: cluster.clientCertificate.map { path($0, in: cluster) },
      keyFile: cluster.clientKey.map { path($0, in: cluster) })
    configuration.timeouts.total = .seconds(cluster.timeoutSeconds)
    configuration.maxConcurrentRequests = cluster.concurrentRequests
    let transport: CurlTransport
    do throws(TransportConfigurationError) {
      transport = try CurlTransport(configuration: configuration)
    } catch {
      throw ConnectionProblem(key: key(of: error), error.description)
    }
    let client = QdrantClient(
      transport: transport, schema: schema, redactor: Redactor(secret.map { [$0] } ?? []),
      options: options(cluster))
    return ClusterConnection(
      declaration: cluster, provider: client, endpoint: endpoint.description
    ) { transport.shutdown() }
  }

  private func options(_ cluster: ClusterDeclaration) -> QdrantClient.Options {
    var options = QdrantClient.Options()
    options.concurrentReads = cluster.concurrentRequests
    options.timeout = .seconds(cluster.timeoutSeconds)
    return options
  }

  private func path(_ file: String, in cluster: ClusterDeclaration) -> String {
    file.hasPrefix("/") ? file : cluster.baseFolder + "/" + file
  }

  private func key(of error: TransportConfigurationError) -> String {
    switch error {
    case .keyBoundToOtherHost, .keyInClearText, .keyNotSendable: "api_key"
    case .certificatesWithoutTLS, .keyFileWithoutCertificate, .file: "tls"
    case .limitOutOfBounds: "limits"
    case .notStarted: "url"
    }
  }

  private func secret(
    of cluster: ClusterDeclaration, _ access: Access
  ) async throws(ConnectionProblem) -> Secret? {
    let usesReadKey = access == .read && cluster.readAPIKey != nil
    guard let reference = usesReadKey ? cluster.readAPIKey : cluster.apiKey else { return nil }
    let resolver = SecretResolver(environment: environment, folder: cluster.baseFolder)
    do throws(SecretError) {
      return try await resolver.resolve(SecretReference(reference))
    } catch {
      throw ConnectionProblem(
        key: usesReadKey ? "read_api_key" : "api_key", error.description,
        category: .noPermission)
    }
  }

  private func embedded(
    _ cluster: ClusterDeclaration
  ) throws(ConnectionProblem) -> ClusterConnection {
    let folder = path(cluster.storage ?? ".qdrant-embedded", in: cluster)
    let store: SimulatedStore
    do throws(StoreError) {
      store = try SimulatedStore(
        folder: folder, settings: SimulatedSettings(version: .v1_18_3, environment: [:]))
    } catch {
      throw ConnectionProblem(key: "storage", "\(error)", category: .unreachable)
    }
    let client = QdrantClient(
      transport: SimulatedTransport(store, time: .wallClock), schema: schema,
      redactor: Redactor([]), options: options(cluster))
    return ClusterConnection(
      declaration: cluster, provider: client,
      endpoint: "embedded:\(cluster.storage ?? ".qdrant-embedded")", isSimulation: true
    ) { try? store.close() }
  }
}

extension TransportTime {
  /// The time of this machine.
  fileprivate static var wallClock: TransportTime {
    TransportTime(
      now: { Date().timeIntervalSince1970 },
      sleep: { seconds in try await Task.sleep(for: .seconds(max(0, seconds))) })
  }
}

extension SecretReference {
  /// The reference that a manifest says.
  init(_ reference: CredentialReference) {
    switch reference {
    case .environment(let name): self = .environment(name)
    case .file(let path): self = .file(path)
    case .command(let words): self = .command(words)
    }
  }
}
