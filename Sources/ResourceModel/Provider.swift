package import JSON

/// Where resources live: reads all of their state, performs single operations.
///
/// Contract: `observe` never changes anything and never reports a thing as absent that it could not
/// read; `perform` sends its request at most once and says honestly what is known of the outcome.
package protocol Provider: Sendable {
  /// Who the cluster is; the first thing asked, cheap.
  func identify() async throws(ProviderError) -> ClusterIdentity

  /// The state of those collections (nil: of all), with all names and aliases of the cluster.
  func observe(_ collections: Set<ExactString>?) async throws(ProviderError) -> ObservedCluster

  /// One collection now; nil when it does not exist.
  ///
  /// With its placement where that is asked for: then one that cannot be read is an error.
  func observe(
    collection: ExactString, withPlacement: Bool
  ) async throws(ProviderError) -> ObservedCollection?

  /// What every alias of the cluster points to now.
  func observeAliases() async throws(ProviderError) -> [ExactString: ExactString]

  /// The exact number of points of a collection, of those that have a vector, or of those under a
  /// shard key; an error when it does not exist.
  func countPoints(of address: ResourceAddress) async throws(ProviderError) -> Int

  /// The request that `perform` would send.
  func preview(_ operation: Operation) throws(ProviderError) -> RequestPreview

  /// Performs one operation; `run` and `step` go into the mark and the request id.
  func perform(
    _ operation: Operation, run: String, step: String
  ) async throws(ProviderError) -> Receipt

  /// The lock of a workspace now; what cannot be read is an error, never a free lock.
  func lockState(of workspace: String) async throws(ProviderError) -> LockState

  /// Performs what a run asks for itself.
  ///
  /// Creating an epoch that exists is `rejected` with status 409; deleting one that does not exist
  /// is a success.
  func perform(
    _ control: ControlOperation, workspace: String, run: String, step: String
  ) async throws(ProviderError) -> Receipt
}

/// A server's confirmation.
package struct Receipt: Sendable, Hashable {
  /// True when the server said "done", false for "acknowledged, will be done".
  package var isCompleted: Bool

  package init(isCompleted: Bool) { self.isCompleted = isCompleted }
}

/// Why a provider has no result, and what is known of the outcome.
package struct ProviderError: Error, Sendable, Hashable {
  /// The three outcomes of a request that has no good answer.
  package enum Outcome: String, Sendable, Hashable {
    /// It did not happen, and asking again would not change that.
    case rejected
    /// It did not happen; it may be tried again.
    case unavailable
    /// It may have happened, or may still happen.
    case unknown
  }

  /// What it means for the exit status.
  package enum Category: String, Sendable, Hashable {
    case other
    /// The cluster cannot be reached.
    case unreachable
    /// 401 and 403.
    case noPermission
  }

  package var outcome: Outcome
  package var category: Category
  /// One or two sentences for a person, escaped and without secrets.
  package var message: String
  /// The HTTP status, when there was an answer.
  package var status: Int?
  /// How long the server asks to wait before the next attempt; at most a minute is granted.
  package var retryAfter: Duration?

  package init(
    _ outcome: Outcome, _ message: String, category: Category = .other, status: Int? = nil
  ) {
    self.outcome = outcome
    self.category = category
    self.message = message
    self.status = status
  }
}

extension Provider {
  /// The exact number of points of a collection.
  package func countPoints(in collection: ExactString) async throws(ProviderError) -> Int {
    try await countPoints(of: .collection(collection, cluster: ""))
  }
}
