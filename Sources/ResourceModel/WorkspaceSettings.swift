package import Diagnostics

/// What `kind: Workspace` says, or its defaults.
package struct WorkspaceSettings: Sendable {
  /// The ownership scope, in marks and lock names: `[a-z0-9-]`, at most 40 bytes.
  package var name: String = "default"
  /// The state folder, beside the manifests.
  package var state: String = ".qdrant-reconciler"
  package var budget = RemovalBudget()
  package var span: SourceSpan?

  package init() {}
}

/// How much may go in one plan before it is refused.
package struct RemovalBudget: Sendable, Hashable {
  /// The largest share of the managed resources that may be removed or replaced, in percent, 0–100.
  package var percent: Double = 30
  /// From how many managed resources on the share counts.
  package var from: Int = 10

  package init() {}
}

/// A reference to a secret; the secret itself is fetched at the edge, only when it is used.
package enum CredentialReference: Sendable, Hashable {
  case environment(String)
  case file(String)
  case command([String])
}

/// What `kind: Cluster` says: where resources live.
package struct ClusterDeclaration: Sendable, Hashable {
  /// Where a cluster comes from.
  package enum ProviderKind: String, Sendable, CaseIterable {
    case selfHosted = "self_hosted"
    case qdrantCloud = "qdrant_cloud"
    case local
    case shared
    case embedded
  }

  package var name: String
  package var provider: ProviderKind = .selfHosted
  /// The address of a self-hosted cluster, unchecked text.
  package var url: String?
  package var apiKey: CredentialReference?
  /// Used by plan and drift when present.
  package var readAPIKey: CredentialReference?
  package var allowPlainHTTP = false
  /// PEM files, relative to the manifest that names them or absolute.
  package var caFile: String?
  package var clientCertificate: String?
  package var clientKey: String?
  package var labels: [String: String] = [:]
  package var wave = 1
  /// Requests in flight at once, 1–1024.
  package var concurrentRequests = 32
  /// Seconds for one exchange.
  package var timeoutSeconds: Double = 30
  /// The folder of an embedded cluster.
  package var storage: String?
  /// What was written for providers that later stages build.
  package var later: [Lifecycle.Later] = []
  /// Where the name stands; nil for a cluster made of `QDRANT_URL`.
  package var span: SourceSpan?
  /// Where each key's value stands: `url`, `api_key.file`, `tls.ca_file`.
  package var spans: [String: SourceSpan] = [:]
  /// The folder of the manifest, for relative files.
  package var baseFolder: String = "."

  package init(name: String) { self.name = name }
}
