import JSON

/// A server of a cluster: what it knows, and how its process is.
struct ClusterPeer: Sendable {
  enum Process: Sendable, Equatable {
    case running
    /// Connections are refused.
    case ended
    /// Connections are accepted, and nothing is answered.
    case paused
  }

  let id: UInt64
  /// Where the other peers reach it, without a slash at the end.
  let address: String
  /// What it knows of collections and aliases; points of all shards lie in it, its own or not.
  var view: SimulatedServer
  var process = Process.running
  /// Since when it is not running.
  var lostSince = 0.0
  /// How many entries of the log it has applied.
  var applied = 0
  /// The peers of the cluster, as it knows them.
  var members: [UInt64]
  /// The values under the metadata keys of the cluster.
  var metadata = JSONObject()
  /// When a message to a peer failed first; gone when one arrives again.
  var failures: [UInt64: Double] = [:]
  /// Why it takes part in no consensus any more.
  var stop: Stop?
  /// Whether it was away while points may have been written.
  var lacksPoints = false
  /// Whether it was removed while it could not hear of it.
  var isLeftBehind = false

  /// An end of the thread that applies the log.
  enum Stop: Sendable, Equatable {
    /// It was removed and knows it.
    case removed
    /// It could not apply an entry.
    case failed(String)
  }

  /// Whether the others can talk to it.
  var isRunning: Bool { process == .running }

  /// A copy with the collection of a name changed.
  func layout(of key: ExactString) -> ShardLayout? { view.collections[key]?.layout }
}
