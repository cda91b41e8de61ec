package import JSON

/// What a server said about one collection, in the shape of a manifest.
package struct ObservedCollection: Sendable {
  package var name: ExactString
  /// Every field that was reported, under its path in a manifest.
  package var fields: JSONObject
  /// Payload indexes by field name, each in the shape of its manifest form.
  package var indexes: [ExactString: JSONObject]
  /// Shard keys by their JSON text (`"eu"`, `101`); nil when they were not read.
  package var shardKeys: [ExactString: JSONObject]?
  /// Where its shards lie; nil on a standalone server, and when it was not asked for.
  package var placement: ObservedPlacement?
  /// Points as the server estimates them.
  package var pointsCount: Int?
  /// `green`, `yellow`, `grey`, `red`, or a word of a later server.
  package var status: String?
  /// `ok`, or what the optimisers failed with.
  package var optimizerStatus: String?
  /// The mark that we left, when there is one.
  package var mark: OwnershipMark?

  package init(name: ExactString, fields: JSONObject, indexes: [ExactString: JSONObject] = [:]) {
    self.name = name
    self.fields = fields
    self.indexes = indexes
  }
}

/// Who a cluster is and how it is, as far as a plan depends on it.
package struct ClusterIdentity: Sendable, Hashable {
  package var version: ServerVersion
  /// False for `cluster.enabled: false`: no consensus, no shard keys.
  package var isDistributed: Bool
  /// The ids of its peers, sorted; empty standalone.
  package var peers: [String]
  /// `standalone`, `working`, or what the consensus thread reports instead.
  package var consensus: String

  package init(
    version: ServerVersion, isDistributed: Bool = false, peers: [String] = [],
    consensus: String = "standalone"
  ) {
    self.version = version
    self.isDistributed = isDistributed
    self.peers = peers
    self.consensus = consensus
  }
}

/// Peers that another one said it could not send to.
package struct SilentPeers: Sendable, Hashable {
  package var peers: Set<UInt64>
  /// Whether the leader said so: it speaks to every peer all the time and forgets a failure once it
  /// is heard. Another peer may tell of a failure that is long over, and nothing of a peer that is
  /// gone, since it only speaks to the leader and at elections.
  package var areSure: Bool

  package init(_ peers: Set<UInt64> = [], areSure: Bool = false) {
    self.peers = peers
    self.areSure = areSure
  }
}

/// What one cluster said: complete for what is in `collections`, honest about the rest.
package struct ObservedCluster: Sendable {
  package var identity: ClusterIdentity
  /// Those that were asked for and exist.
  package var collections: [ExactString: ObservedCollection]
  /// The names of all collections that the credential may see.
  package var collectionNames: Set<ExactString>
  /// Alias → collection, all that the credential may see.
  package var aliases: [ExactString: ExactString]
  /// Collections that exist and could not be read, with the reason.
  package var unchecked: [ExactString: String]
  /// Peers that did not answer the one that was asked.
  package var silent = SilentPeers()

  package init(
    identity: ClusterIdentity, collections: [ExactString: ObservedCollection] = [:],
    collectionNames: Set<ExactString> = [], aliases: [ExactString: ExactString] = [:],
    unchecked: [ExactString: String] = [:]
  ) {
    self.identity = identity
    self.collections = collections
    self.collectionNames = collectionNames
    self.aliases = aliases
    self.unchecked = unchecked
  }
}

/// The aliases of a cluster, from both ends.
package struct AliasIndex: Sendable {
  /// Alias → collection.
  package let targets: [ExactString: ExactString]
  /// Collection → aliases, sorted.
  package let served: [ExactString: [ExactString]]

  package init(_ targets: [ExactString: ExactString]) {
    self.targets = targets
    served = Dictionary(grouping: targets.keys.sorted()) { targets[$0] ?? "" }
  }
}

/// What we leave on a collection: whose it is, and what was last applied to it.
///
/// It stands in the collection's `metadata` under `qdrant_reconciler` (servers from 1.16).
package struct OwnershipMark: Sendable, Hashable {
  /// The reserved metadata key.
  package static let key = "qdrant_reconciler"

  package var workspace: String
  /// The local address: `collection/products`.
  package var address: String
  /// The run that wrote it; nil in a plan, filled in by the apply.
  package var run: String?
  /// Base64 of the sorted 32-bit hashes of every managed path = value pair.
  package var applied: String
  /// The leaf of a hierarchy that the collection is, as `TreeLeaf` describes it: it stays when a
  /// template gives the leaf another name. Nil for a collection of no tree.
  package var node: String?

  package init(
    workspace: String, address: String, run: String?, applied: String, node: String? = nil
  ) {
    self.workspace = workspace
    self.address = address
    self.run = run
    self.applied = applied
    self.node = node
  }

  /// The mark as it stands in metadata.
  package var json: JSONValue {
    var object: JSONObject = [
      "workspace": .string(workspace), "address": .string(address),
    ]
    if let run { object["run"] = .string(run) }
    object["applied"] = .string(applied)
    if let node { object["node"] = .string(node) }
    return .object(object)
  }

  /// A mark read back; nil when it is none of ours (text from a server is not trusted).
  package init?(_ value: JSONValue?) {
    guard let object = value?.object, let workspace = object["workspace"]?.string,
      let address = object["address"]?.string, let applied = object["applied"]?.string
    else { return nil }
    self.init(
      workspace: workspace, address: address, run: object["run"]?.string, applied: applied,
      node: object["node"]?.string)
  }
}
