import Diagnostics
import JSON
import ResourceModel

/// What planning the collections of one cluster has in common.
struct PlanContext {
  let schema: ResourceSchema
  let workspace: String
  let cluster: String
  let identity: ClusterIdentity
  let observed: ObservedCluster
  let aliases: AliasIndex
  let options: PlanOptions
  /// Exact numbers of points, of the collections that may lose some.
  let points: [ResourceAddress: Int]
  /// Aliases that the manifests ask for on this cluster.
  let desiredAliases: Set<ExactString>
  /// Live collections that no manifest mentions, by the words of their names.
  let unmentioned: [String: ExactString]
  /// Live collections of this workspace that no manifest mentions, by the leaf that they are.
  let leaves: [String: ExactString]
  /// Collections that this plan deletes on this cluster.
  let deletedCollections: Set<ExactString>
  /// Names of collections to be made that are aliases now.
  let takenNames: Set<ExactString>
  /// Compares with what this cluster is.
  let differ: Differ
  let locate: Planner.Locate

  /// Whether the server keeps metadata, and so our mark.
  var keepsMarks: Bool {
    let since = schema.row(.collection, FieldPath(["metadata", ExactString(OwnershipMark.key)]))?
      .since
    return since.map { identity.version >= $0 } ?? false
  }

  func rows(_ kind: ResourceKind) -> [FieldSpec] { schema.kinds[kind]?.rows ?? [] }

  /// The named part that a field belongs to: `vectors.dense` of `vectors.dense.hnsw_config.m`.
  func elementPath(of path: FieldPath) -> FieldPath? {
    guard let elements = schema.kinds[.collection]?.elements else { return nil }
    for element in elements {
      guard let container = element.container.fixedPath, path != container,
        path.isWithin(container)
      else { continue }
      return FieldPath(Array(path.segments.prefix(container.segments.count + 1)))
    }
    return nil
  }

  /// A change as a reviewer reads it.
  func reason(_ change: FieldChange, of address: ResourceAddress) -> Reason {
    let effect = change.row.map { rows(address.kind)[$0].effect } ?? .immediate
    return Reason(
      subject: address, path: change.path, from: change.from, to: change.to, cause: change.cause,
      effect: effect, position: place(change.provenance))
  }

  /// The reasons of making something: every field from nothing to its value.
  func creationReasons(_ fields: [DesiredField], of address: ResourceAddress) -> [Reason] {
    fields.map { field in
      Reason(
        subject: address, path: field.path, from: nil, to: field.value.nonNull, cause: .pending,
        effect: .immediate, position: place(field.provenance))
    }
  }

  /// Consent to lose that many points, or the refusal.
  func lossRefusal(_ address: ResourceAddress, _ provenance: Provenance) -> Refusal? {
    let collection = ResourceAddress.collection(address.collection, cluster: address.cluster)
    let points = points[collection]
    let accepted = options.accepted(address)
    if points == 0 { return nil }
    if let points, let accepted, points <= accepted { return nil }
    return Messages.loss(address, points: points, accepted: accepted, place(provenance))
  }
}
