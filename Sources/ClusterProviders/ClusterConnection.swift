package import ResourceModel

/// An open way to one cluster.
package struct ClusterConnection: Sendable {
  package let declaration: ClusterDeclaration
  package let provider: any Provider
  /// The address as output may show it: without credentials.
  package let endpoint: String
  /// Whether it is a simulation inside this process; every output says so.
  package let isSimulation: Bool
  private let close: @Sendable () -> Void

  package init(
    declaration: ClusterDeclaration, provider: any Provider, endpoint: String,
    isSimulation: Bool = false, close: @escaping @Sendable () -> Void = {}
  ) {
    self.declaration = declaration
    self.provider = provider
    self.endpoint = endpoint
    self.isSimulation = isSimulation
    self.close = close
  }

  /// Ends threads and flushes folders; nothing may be in flight.
  package func shutdown() { close() }
}

/// Why a cluster cannot be connected to, found before anything is sent.
package struct ConnectionProblem: Error, Sendable, Hashable {
  /// The key of the Cluster manifest that is at fault: `url`, `api_key`, `tls.ca_file`.
  package var key: String
  package var message: String
  package var hint: String?
  /// What it means for the exit status.
  package var category: ProviderError.Category
  /// Whether the provider is one that is not built yet.
  package var isUnsupported: Bool

  package init(
    key: String, _ message: String, hint: String? = nil,
    category: ProviderError.Category = .other, isUnsupported: Bool = false
  ) {
    self.key = key
    self.message = message
    self.hint = hint
    self.category = category
    self.isUnsupported = isUnsupported
  }
}
