import JSON
import ResourceModel

/// How many copies the shards of a live collection have, as a manifest has to say it.
///
/// A collection's `replication_factor` is what each of its shards is brought to by a plan, unless
/// their shard key says otherwise; what is live may be neither, and an import asks for what is
/// there. Copies count in whatever state they are: the cluster recovers them by itself.
struct ImportedCopies {
  /// Of shard keys that have another number than the collection says.
  private(set) var own: [ExactString: Int] = [:]
  /// What the collection's number is and why no manifest can say it; nil when it is right.
  private(set) var reasonAgainstFactor: String?

  init(_ collection: ObservedCollection) {
    guard let factor = collection.fields[FieldPath.replicationFactor.description]?.integer,
      let shards = collection.placement?.shards, !shards.isEmpty
    else { return }
    let groups = Dictionary(grouping: shards, by: \.key).mapValues { group in
      Set(group.map(\.replicas.count))
    }
    // A key can say what its shards have, but only when they all have the same.
    let isSaid = groups.allSatisfy { key, counts in
      key == nil ? counts == [factor] : counts.count == 1
    }
    if !isSaid {
      let counts = Set(groups.values.joined()).sorted().map(String.init)
      reasonAgainstFactor =
        "replication_factor = \(factor), since shards have \(counts.joined(separator: ", ")) copies"
    }
    for case (let key?, let counts) in groups {
      guard let count = counts.first, counts.count == 1, count != factor || !isSaid else {
        continue
      }
      own[key] = count
    }
  }
}
