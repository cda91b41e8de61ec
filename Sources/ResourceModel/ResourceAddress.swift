package import JSON

/// The class of a thing that Qdrant has.
package enum ResourceKind: String, Sendable, Hashable, CaseIterable, Comparable {
  case collection
  /// A named dense vector of a collection, as an object of operations; its fields are the
  /// collection's.
  case vector
  /// A named sparse vector, likewise.
  case sparseVector = "sparse_vector"
  case index
  case shardKey = "shard_key"
  /// A copy of a shard on a peer, as an object of operations; manifests give numbers and peers.
  case replica
  case alias
  /// A cluster itself, as what a rule of a policy is about; no operation is addressed to it.
  case cluster

  /// The place in the order of declaration.
  private var rank: Int {
    switch self {
    case .collection: 0
    case .vector: 1
    case .sparseVector: 2
    case .index: 3
    case .shardKey: 4
    case .replica: 5
    case .alias: 6
    case .cluster: 7
    }
  }

  package static func < (left: ResourceKind, right: ResourceKind) -> Bool {
    left.rank < right.rank
  }
}

/// Which resource, and on which cluster: `index/products/price @prod-eu`.
package struct ResourceAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var kind: ResourceKind
  /// The collection that has it; of an alias the empty string, since aliases belong to the cluster.
  package var collection: ExactString
  /// The name within the collection (index path, vector, shard key, `<shard>/<peer>`) or the alias;
  /// empty for a collection itself.
  package var name: ExactString
  /// The cluster's name in the manifests.
  package var cluster: String

  package init(
    kind: ResourceKind, collection: ExactString, name: ExactString = "", cluster: String
  ) {
    self.kind = kind
    self.collection = collection
    self.name = name
    self.cluster = cluster
  }

  /// A collection's address.
  package static func collection(_ name: ExactString, cluster: String) -> ResourceAddress {
    ResourceAddress(kind: .collection, collection: name, cluster: cluster)
  }

  /// An alias's address.
  package static func alias(_ name: ExactString, cluster: String) -> ResourceAddress {
    ResourceAddress(kind: .alias, collection: "", name: name, cluster: cluster)
  }

  /// A cluster's own address.
  package static func cluster(_ name: String) -> ResourceAddress {
    ResourceAddress(kind: .cluster, collection: "", name: ExactString(name), cluster: name)
  }

  /// By cluster, collection, kind and name, all by bytes.
  package static func < (left: ResourceAddress, right: ResourceAddress) -> Bool {
    if left.cluster != right.cluster { return left.cluster.precedes(right.cluster) }
    if left.collection != right.collection { return left.collection < right.collection }
    if left.kind != right.kind { return left.kind < right.kind }
    return left.name < right.name
  }

  /// Without the cluster: `collection/products`, `index/products/price`, `alias/catalog`.
  package var local: String {
    switch kind {
    case .collection: "collection/\(collection)"
    case .alias: "alias/\(name)"
    case .cluster: "cluster/\(name)"
    case .vector where name.string.isEmpty: "vector/\(collection)/(unnamed)"
    default: "\(kind.rawValue)/\(collection)/\(name)"
    }
  }

  package var description: String { "\(local)@\(cluster)" }
}
